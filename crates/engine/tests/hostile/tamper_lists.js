// Functions that go on to the prelude: with an odd `this`, as constructors, with frozen and changed things around them.
// ALERTING
// ENDS: Normal termination
// LOG: this is no Call
// LOG: constructed TypeError
// LOG: code native
// LOG: frozen TypeError
// LOG: extended mine
// LOG: odd answered
// NEVER: never:
const write = Logger.write, apply = Reflect.apply;
write('code ' + (/native code/.test(Function.prototype.toString.call(VoxEngine.getSecretValue)) ? 'native' : 'never: source'));
for (const name of ['__proto__', 'constructor', '5']) VoxEngine.addEventListener(name, () => write('never: ' + name));
VoxEngine.removeEventListener('__proto__');
for (const odd of [undefined, null, 7, {}, Call.prototype, new Proxy({}, {}), VoxEngine]) {
  try { Call.prototype.answer.call(odd); write('never: answered'); } catch (error) { write(error.message); }
  try { Call.prototype.id.call(odd); write('never: id'); } catch (error) { if (error.message !== 'this is no Call') write('never: ' + error.message); }
}
for (const made of [VoxEngine.addEventListener, VoxEngine.callPSTN, Call.prototype.say, setTimeout, require, Crypto.md5]) {
  try { new made('1', '2'); write('never: made'); } catch (error) { write('constructed ' + error.name); }
  try { Reflect.construct(Object, [], made); write('never: a new target'); } catch (error) {}
}
Call.prototype.extended = function () { return 'mine'; };
VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  write('extended ' + call.extended());
  apply(new Proxy(call.answer, {}), call, []);
  write('odd answered');
  VoxEngine.terminate();
});
Object.freeze(globalThis);
Object.freeze(Call.prototype);
try { require(Modules.ASR); write('never: required'); } catch (error) { write('frozen ' + error.name); }
for (const intrinsic of [Function.prototype, Array.prototype, Object.prototype, String.prototype, Reflect, JSON]) {
  for (const name of Object.getOwnPropertyNames(intrinsic)) {
    if (name === 'constructor' || name === 'caller' || name === 'arguments' || name === 'length') continue;
    try { Object.defineProperty(intrinsic, name, { get() { write('never: ' + name); }, configurable: true }); } catch (error) {}
  }
}
