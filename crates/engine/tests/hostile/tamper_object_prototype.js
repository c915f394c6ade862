// Setters and values on Object.prototype for every name that descriptors and lists use.
// ENDS: Normal termination
// LOG: started 4711
// LOG: timer 7
// LOG: request POST
// LOG: failed 501
// LOG: connected user
// LOG: played
// LOG: http 200
// NEVER: never:
const caught = [];
let count = 0;
const define = Object.defineProperty;
const keep = (value) => { define(caught, count, { __proto__: null, value, writable: true, enumerable: true, configurable: true }); count += 1; };
for (const name of ['value', 'get', 'set', 'writable', 'enumerable', 'configurable', '0', '1', '2', 'length', 'then', 'key', 'name', 'call', 'id', 'code', 'reason', 'headers', 'websocket', 'handler', 'list', 'number', 'kind', 'state', 'listeners', 'hook', 'created', 'player', 'fields', 'text', 'voice', 'looped', 'paused', 'tone', 'play', 'what', 'Url', 'url', 'method', 'body'])
  try { Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, get() { keep(this); return undefined; }, set(value) { keep(value); } }); } catch (error) {}
for (const name of ['0', '1', '2', '3']) Object.defineProperty(Array.prototype, name, { __proto__: null, configurable: true, get() { return undefined; }, set(value) { keep(value); } });
VoxEngine.addEventListener('Application.Started', (e) => { Logger.write('started ' + e.sessionId); setTimeout((a) => Logger.write('timer ' + a), 1, 7); });
VoxEngine.addEventListener('Application.HttpRequest', (e) => { Logger.write('request ' + e.method); const b = VoxEngine.callUser('b', ''); b.addEventListener('Call.Connected', (c) => { Logger.write('connected ' + b.clientType()); b.say('x', Language.US_ENGLISH_FEMALE); VoxEngine.createURLPlayer({ url: 'https://a.example/', method: 'GET', headers: [], body: null }, { loop: true, onPause: false }).sendMediaTo(b); }); b.addEventListener('Call.PlaybackFinished', () => Logger.write('played')); VoxEngine.callConference('1', '').addEventListener('Call.Failed', (f) => { Logger.write('failed ' + f.code); setTimeout(VoxEngine.terminate, 50); }); Net.httpRequest('https://a.example/', (r) => Logger.write('http ' + r.code), { headers: { A: 'b' } }); return 'text'; });
VoxEngine.addEventListener('Application.Terminating', () => { for (let i = 0; i < count; i += 1) if (typeof caught[i] === 'function' && Function.prototype.toString.call(caught[i]).includes('native code')) Logger.write('never: a native function was caught'); });
