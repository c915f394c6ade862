// Everything that is reachable from globalThis is walked: no op among it.
// ENDS: Normal termination
// LOG: walked true
// NEVER: never:
const seen = new Set(), todo = [globalThis];
const keys = Reflect.ownKeys, own = Reflect.getOwnPropertyDescriptor, up = Reflect.getPrototypeOf;
let walked = 0, bad = 0;
const from = new Map();
let at = 'start';
const push = (value) => { if ((typeof value === 'object' && value !== null) || typeof value === 'function') if (!seen.has(value)) { seen.add(value); from.set(value, at); todo.push(value); } };
const bad_ = (what) => { bad += 1; Logger.write('never: ' + what); };
require('ApplicationStorage'); require('VoximplantAPI');
push(new VoximplantAPI.Client()); push(VoxEngine.callPSTN('1', '')); push(VoxEngine.createWebSocket('ws://a.example/')); push(new Net.HttpRequestOptions());
push((function* () {}).constructor); push((async () => {}).constructor); push((async function* () {}).constructor);
push(up(up([][Symbol.iterator]()))); push(up(new Map().entries())); push(up(''.matchAll(/x/g))); push(up(function* () {}.prototype));
VoxEngine.addEventListener('Application.Started', function (e) { push(e); push(arguments); push(this); walk(); VoxEngine.terminate(); });
function walk() {
  while (todo.length > 0) {
    const object = todo.pop();
    walked += 1;
    if (typeof object === 'function') {
      // A function of the host has no name of its own; those of the engine and of authors have one, if an empty one.
      if (own(object, 'name') === undefined && object !== Function.prototype) bad_('a function of the host: ' + from.get(object));
    }
    for (const key of keys(object)) {
      if (typeof key === 'string' && (key === 'setCustomData' || key === 'mayGoOn')) bad_('the op table');
      const property = own(object, key);
      if (property === undefined) continue;
      at = from.get(object) + '.' + String(key);
      push(property.get); push(property.set); push(property.value);
      if (property.get) try { push(property.get.call(object)); } catch (error) { push(error); }
    }
    at = from.get(object) + '.__proto__';
    push(up(object));
  }
  Logger.write('walked ' + (walked > 800) + ' ' + walked);
}
