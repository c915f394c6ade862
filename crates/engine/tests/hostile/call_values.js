// Getters, proxies and objects with conversions are handed to every function of calls, players and the IVR module, and to their methods as `this`.
// ENDS: Normal termination
// ALERTING
// LOG: survived truetrue
let depth = 0;
const evil = () => new Proxy(function () {}, { get(target, name) { if (name === Symbol.toPrimitive) return () => { throw new Error('converted'); }; if (name === 'length') return -1; return depth++ < 10000 ? evil() : undefined; }, has: () => true, ownKeys: () => ['a', 'b', 'length', 'prototype'], getOwnPropertyDescriptor: () => ({ value: 1, configurable: true, enumerable: true }) });
const values = [evil(), new Proxy({}, { ownKeys() { throw 1; } }), new Proxy([], { get() { throw new Error('get'); } }), { toString() { return 'text'; } }, { valueOf: () => 5 }, Symbol('s'), 10n ** 30n, NaN, Infinity, -Infinity, -1, 1e300, null, undefined, [], [[]], {}, () => {}, '\0', '\ud800', 'a\r\nX-B: c', 'x'.repeat(100000), new Uint8Array(3), Object.create(null), { length: 1e300 }, { loop: evil(), onPause: evil(), url: evil(), voice: evil(), headers: evil(), body: evil() }, { get url() { throw 1; }, get voice() { throw 2; }, get type() { return 'select'; }, get loop() { throw 3; } }, { url: 'https://a.example/', headers: [evil()], body: { binary: evil() } }, { type: 'select', prompt: evil(), nextStates: evil(), timeout: 1 }, { type: 'inputunknown', inputValidator: evil(), terminateOn: '\ud800' }, globalThis];
require('ivr');
let threw = 0, passed = 0;
const attempt = (make) => { try { make(); passed += 1; } catch (error) { threw += 1; } };
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const call = e.call;
  if (e.headers.toString instanceof Function || Object.getPrototypeOf(e.headers) !== Object.prototype) throw new Error('headers are no plain data');
  call.answer(e.headers, { displayName: e.displayName });
  const player = VoxEngine.createTTSPlayer('x', { onPause: true });
  const methods = Object.getOwnPropertyNames(Call.prototype).filter((name) => name !== 'constructor' && name !== 'hangup' && name !== 'reject' && name !== 'decline');
  const ofPlayer = ['addMarker', 'sendMediaTo', 'stopMediaTo', 'pause', 'resume', 'addEventListener', 'removeEventListener', 'id'];
  call.addEventListener(CallEvents.Connected, () => {
    for (const a of values) {
      for (const name of methods) { attempt(() => call[name](a)); attempt(() => call[name]('x', a)); attempt(() => call[name](a, a, a)); attempt(() => Call.prototype[name].call(a, a)); attempt(() => Call.prototype[name].call(player, a)); }
      for (const name of ofPlayer) { attempt(() => player[name](a)); attempt(() => player[name].call(a, a)); attempt(() => player[name].call(call, a)); }
      for (const name of ['createURLPlayer', 'createTTSPlayer', 'createToneScriptPlayer', 'createToneScript']) { attempt(() => VoxEngine[name](a).stop()); attempt(() => VoxEngine[name]('https://a.example/', a).stop()); }
      for (const name of ['easyProcess', 'forwardCallToPSTN', 'forwardCallToUser', 'forwardCallToSIP', 'playSoundAndHangup', 'sendMediaBetween', 'stopMediaBetween', 'callPSTN', 'callUser', 'callSIP']) { attempt(() => VoxEngine[name](a, a)); attempt(() => VoxEngine[name](call, a)); }
      attempt(() => new IVRState('x', a).enter(call)); attempt(() => new IVRState(a, { type: 'noinput', prompt: a, nextState: a }, a, a).enter(call)); attempt(() => IVRState.prototype.enter.call(a, call)); attempt(() => new IVRState('x', { type: 'select' }).enter(a)); attempt(() => Reflect.construct(IVRState, ['x', a], a)); attempt(() => { IVR.ttsOptions = a; IVR.reset(); });
      for (const target of [Call, Player, BasePlayer, IVRState]) { attempt(() => new target(a)); attempt(() => Reflect.construct(target, [a], Array)); }
    }
    IVR.reset();
    Logger.write('survived ' + (threw > 1000) + (passed > 1000));
    VoxEngine.terminate();
  });
});
