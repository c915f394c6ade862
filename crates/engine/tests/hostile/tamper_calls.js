// Prototypes of everything that calls and players are made with are changed before and while they are used.
// ENDS: Normal termination
// ALERTING
// LOG: connected CONNECTED
// LOG: finished
// LOG: relayed hello
// NEVER: never:
const never = (name) => function () { Logger.write('never: ' + name); };
for (const name of ['get', 'set', 'has', 'delete', 'forEach']) { Map.prototype[name] = never('Map ' + name); WeakMap.prototype[name] = never('WeakMap ' + name); }
for (const name of ['ring', 'answer', 'sendMessage', 'startEarlyMedia', 'addEventListener']) { const own = Call.prototype[name]; Call.prototype['my' + name] = own; }
Object.defineProperty(Object.prototype, 'headers', { get: never('headers'), configurable: true });
Object.defineProperty(Object.prototype, 'call', { set: never('call'), get() { return undefined; }, configurable: true });
Object.defineProperty(Object.prototype, 'voice', { value: 'inherited', configurable: true });
Object.prototype.toJSON = never('toJSON');
Array.prototype[Symbol.iterator] = never('iterator');
Array.prototype.push = never('push');
JSON.stringify = never('stringify');
Reflect.apply = never('apply');
Function.prototype.call = never('Function call');
Function.prototype.apply = never('Function apply');
delete Object.prototype.toJSON; delete Object.prototype.headers; delete Object.prototype.call;
VoxEngine.addEventListener('Application.CallAlerting', (e) => {
  const b = VoxEngine.callUser('bob', 'ann');
  for (let at of ['ring']) Logger.write('never: loop');
}, 1);
VoxEngine.removeEventListener('Application.CallAlerting');
VoxEngine.addEventListener('Application.CallAlerting', (e) => {
  const b = VoxEngine.callUser('bob', 'ann');
  Call.prototype.answer = never('answer'); Call.prototype.sendMessage = never('sendMessage'); Call.prototype.ring = never('ring');
  VoxEngine.easyProcess(e.call, b, (a) => {
    Logger.write('connected ' + a.state());
    b.mysendMessage('hello');
    e.call.addEventListener('Call.PlaybackFinished', () => Logger.write('finished'));
    e.call.addEventListener('Call.MessageReceived', (m) => { Logger.write('relayed ' + m.text); VoxEngine.terminate(); });
    e.call.say('hello', { language: 'x' });
  });
});
