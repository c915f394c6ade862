// Every method of every built-in prototype is replaced before events.
// ENDS: Normal termination
// LOG: started
// LOG: timer
// LOG: request POSTX-A
// LOG: open
// LOG: failed 501
// LOG: connected CONNECTED
// LOG: played
// LOG: player PlaybackFinished
// LOG: digit 1
// LOG: http 200
const spied = [];
const spy = (name) => function (...args) { for (let i = 0; i < args.length; i += 1) if (typeof args[i] === 'function' || (typeof args[i] === 'object' && args[i] !== null)) spied[spied.length] = args[i]; return args[0]; };
const write = Logger.write, stop = VoxEngine.terminate, on = VoxEngine.addEventListener, later = setTimeout;
const keys = Reflect.ownKeys, descriptor = Reflect.getOwnPropertyDescriptor, define = Reflect.defineProperty;
const prototypes = [Object, Array, Function, Promise, Map, WeakMap, String, Number, Error, TypeError, RangeError, Date, RegExp, Symbol, Set, WeakSet, Uint8Array, ArrayBuffer, Proxy, Boolean].map((c) => c.prototype).filter((p) => p);
const statics = [Object, Array, Promise, Reflect, JSON, Math, Number, String, Symbol, Date, Error];
const targets = [...prototypes, ...statics];
for (let i = 0; i < targets.length; i += 1) for (let names = keys(targets[i]), k = 0; k < names.length; k += 1) { const target = targets[i], name = names[k]; const own = descriptor(target, name); if (own.configurable && typeof own.value === 'function' && name !== 'constructor') define(target, name, { value: spy(name), writable: true, configurable: true }); }
const gone = ['Object', 'Array', 'Promise', 'Map', 'WeakMap', 'Error', 'TypeError', 'Reflect', 'JSON', 'Symbol', 'Proxy', 'Date'];
for (let i = 0; i < gone.length; i += 1) globalThis[gone[i]] = undefined;
on('Application.Started', () => { write('started'); later(() => write('timer'), 10); });
on('Application.HttpRequest', (e) => {
  write('request ' + e.method + e.headers[0].key);
  const ws = VoxEngine.createWebSocket('ws://a.example/', { headers: { A: 'b' } });
  ws.addEventListener('WebSocket.Open', () => { write('open'); ws.send('x'); });
  const real = VoxEngine.callUser({ username: 'a', callerid: 'b', extraHeaders: { 'X-A': 'b' } });
  real.addEventListener('Call.Connected', () => {
    write('connected ' + real.state());
    real.handleTones(true);
    real.addEventListener('Call.ToneReceived', (t) => write('digit ' + t.tone));
    real.sendDigits('12');
    real.say('x', { voice: 'v' });
    const player = VoxEngine.createURLPlayer({ url: 'https://a.example/', headers: [{ name: 'A', value: 'b' }], body: { text: 'x' } });
    player.addEventListener('Player.PlaybackFinished', () => write('player PlaybackFinished'));
    VoxEngine.sendMediaBetween(player, real);
  });
  real.addEventListener('Call.PlaybackFinished', () => write('played'));
  const call = VoxEngine.callConference('15550101', '');
  call.addEventListener('Call.Failed', (f) => { write('failed ' + f.code); later(stop, 1000); });
  Net.httpRequest('https://a.example/', (r) => write('http ' + r.code), { params: { a: 'b' }, headers: ['A: b'] });
  require('ApplicationStorage');
  ApplicationStorage.get('a');
  require('VoximplantAPI');
  new VoximplantAPI.Client().Users.addUser({ userName: 'x' });
  return { a: 1 };
});
on('Application.Terminating', () => { for (let i = 0; i < spied.length; i += 1) if (typeof spied[i] === 'function' && ('' + spied[i].name === '') && spied[i].length === 0 && spied[i].prototype === undefined && 0) write('never: op'); write('spied ' + (spied.length >= 0)); });
