// The ground of every scenario: events, timers, the log, `require`, and the way in from the session (`deliver`).
//
// Authors may change any built-in, so everything that is needed later is captured here, before their code runs. `op` is
// the table of native functions; it is never handed out, stored where authors can reach it, or passed to their code.

const {
  Object, Array, String, Number, Math, JSON, Map, Promise, Error, TypeError, RangeError, Reflect,
} = globalThis;
const { apply, construct, ownKeys, defineProperty: redefine } = Reflect;
const { Date: NativeDate, WeakMap } = globalThis;
const { create, defineProperty, freeze, keys } = Object;
const { isArray } = Array;
const { parse, stringify } = JSON;
const { floor } = Math;
const { isFinite } = Number;
const unbound = (method) => (self, a, b) => apply(method, self, [a, b]);
const mapGet = unbound(Map.prototype.get);
const mapSet = unbound(Map.prototype.set);
const mapHas = unbound(Map.prototype.has);
const mapDelete = unbound(Map.prototype.delete);
const dateValue = unbound(NativeDate.prototype.getTime);
const then = unbound(Promise.prototype.then);
const weakGet = unbound(WeakMap.prototype.get);
const weakSet = unbound(WeakMap.prototype.set);
const toLowerCase = unbound(String.prototype.toLowerCase);
const charAt = unbound(String.prototype.charAt);
const slice = unbound(String.prototype.slice);
// Half of a surrogate pair alone is no text outside JavaScript.
const wellFormed = unbound(String.prototype.toWellFormed);

export default (op) => {
  // Hundreds of properties are defined for every session, so the same descriptors serve for all of them.
  const hidden = { __proto__: null, value: undefined, writable: true, enumerable: false, configurable: true };
  const visible = { __proto__: null, value: undefined, writable: true, enumerable: true, configurable: true };
  const show = (object, name, value) => { hidden.value = value; defineProperty(object, name, hidden); hidden.value = undefined; };
  const own = (object, name, value) => { visible.value = value; defineProperty(object, name, visible); visible.value = undefined; };

  // A plain object of an event or a result, whose fields no changed Object.prototype can catch.
  const record = (fields) => {
    const out = { ...fields };
    const names = ownKeys(out);
    for (let i = 0; i < names.length; i += 1) if (out[names[i]] === undefined) delete out[names[i]];
    return out;
  };

  // An array that grows without asking Array.prototype.
  const append = (list, value) => own(list, list.length, value);

  const kind = (value) => (value === null ? 'null' : isArray(value) ? 'an array' : typeof value === 'object' || typeof value === 'undefined' ? typeof value : `a ${typeof value}`);

  // Copying millions of letters takes long; a loop that does so has to hear of the brake.
  const LONG = 65536;
  const outside = (value) => { if (value.length > LONG) op.mayGoOn(); return wellFormed(value); };
  const bytes = (value) => { op.mayGoOn(); return op.bytes(value); };

  const text = (value, name) => {
    if (typeof value === 'string') return outside(value);
    if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
    throw new TypeError(`${name} must be a string, not ${kind(value)}`);
  };

  const optionalText = (value, name) => (value === undefined || value === null ? undefined : text(value, name));

  const number = (value, name, fallback) => {
    if (value === undefined || value === null) return fallback;
    const got = typeof value === 'string' && value !== '' ? +value : value;
    if (typeof got !== 'number' || !isFinite(got)) throw new TypeError(`${name} must be a number, not ${kind(value)}`);
    return got;
  };

  // Headers as authors write them: an object, a list of 'Name: value' texts, or a list of {name | key, value}.
  const headers = (value, name) => {
    const out = [];
    const add = (key, of) => append(out, [text(key, name), text(of, `${name}.${key}`)]);
    if (value === undefined || value === null) return out;
    if (isArray(value)) {
      for (let i = 0; i < value.length; i += 1) {
        const item = value[i];
        if (typeof item === 'string') append(out, op.header(item));
        else if (typeof item === 'object' && item !== null) add(item.name === undefined ? item.key : item.name, item.value);
        else throw new TypeError(`${name}[${i}] must be 'Name: value' or {name, value}, not ${kind(item)}`);
      }
    } else if (typeof value === 'object') {
      const names = keys(value);
      for (let i = 0; i < names.length; i += 1) add(names[i], value[names[i]]);
    } else throw new TypeError(`${name} must be an object or a list, not ${kind(value)}`);
    return out;
  };

  // Listeners by event. A handler that is no function is an error when its event fires, not before (voxengine.md §7).
  const listeners = () => new Map();
  const listen = (table, event, handler) => {
    if (typeof event !== 'string') throw new TypeError(`the event must be a name such as AppEvents.Started, not ${kind(event)}: is the constant misspelled?`);
    const list = mapGet(table, event) || [];
    op.listening(list.length);
    const longer = [];
    for (let i = 0; i < list.length; i += 1) append(longer, list[i]);
    append(longer, handler);
    mapSet(table, event, longer);
  };
  const unlisten = (table, event, handler) => {
    const list = mapGet(table, event);
    if (list === undefined) return;
    const shorter = [];
    if (handler !== undefined) for (let i = 0; i < list.length; i += 1) if (list[i] !== handler) append(shorter, list[i]);
    if (shorter.length === 0) mapDelete(table, event);
    else mapSet(table, event, shorter);
  };
  // The first answer that is not undefined.
  const fire = (table, event, payload) => {
    const list = mapGet(table, event);
    let answer;
    if (list === undefined) return answer;
    for (let i = 0; i < list.length; i += 1) {
      const current = mapGet(table, event);
      let still = false;
      if (current !== undefined) for (let k = 0; k < current.length; k += 1) if (current[k] === list[i]) still = true;
      if (!still) continue;
      if (typeof list[i] !== 'function') throw new TypeError(`the handler of ${event} is no function but ${kind(list[i])}`);
      const got = apply(list[i], undefined, [payload]);
      if (answer === undefined) answer = got;
    }
    return answer;
  };

  // Promises of things that the session does outside: number → [resolve, reject].
  const waiting = new Map();
  const promised = (start) => new Promise((resolve, reject) => mapSet(waiting, start(), [resolve, reject]));
  const called = (id, callback) => mapSet(waiting, id, [callback, callback]);
  const settled = (id, ok, value) => {
    const pair = mapGet(waiting, id);
    mapDelete(waiting, id);
    if (pair !== undefined) apply(ok ? pair[0] : pair[1], undefined, [value]);
  };

  // What a lazily built module adds: its file is loaded when a name of it is used first.
  const loaded = new Map();
  const use = (name) => {
    if (!mapHas(loaded, name)) mapSet(loaded, name, op.load(name)(base));
    return mapGet(loaded, name);
  };
  const access = { __proto__: null, get: undefined, set: undefined, enumerable: false, configurable: true };
  // One function both gets (without an argument) and sets: a session has some seventy of these.
  const lazily = (target, name, make) => {
    const { at } = {
      at(...given) {
        const value = given.length === 0 ? make(name) : given[0];
        // The object may be frozen by now; then the value is made each time.
        redefine(target, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
        return value;
      },
    };
    access.get = at;
    access.set = at;
    defineProperty(target, name, access);
  };

  const deliveries = create(null);

  // Timers, of authors and of the prelude.
  const timers = new Map();
  const timer = (handler, delay, rest, repeats) => {
    if (typeof handler !== 'function') throw new TypeError(`the handler of a timer must be a function, not ${kind(handler)}`);
    const ms = typeof delay === 'number' || typeof delay === 'string' ? +delay : 0;
    const id = op.timer(isFinite(ms) ? ms : 0, repeats);
    mapSet(timers, id, [handler, rest, repeats]);
    return id;
  };
  const clear = (id) => { if (typeof id === 'number' && mapDelete(timers, id)) op.clearTimer(id); };

  const base = freeze({
    __proto__: null,
    op, own, show, record, append, kind, bytes, text, optionalText, number, headers, listeners, listen, unlisten, fire, promised, called, settled, use, lazily, deliveries, timer, clear,
    // What sound comes from and goes to: object → {kind, number}.
    units: new WeakMap(),
    // What happens to the application itself.
    application: listeners(),
    apply, construct, create, defineProperty, keys, isArray, parse, stringify, toLowerCase, charAt, slice, wellFormed,
    mapGet, mapSet, mapDelete, weakGet, weakSet, floor, Map, WeakMap, NativeDate, dateValue, Error, TypeError, RangeError,
  });

  // QuickJS's own ways to see a stack: call sites hand out the functions on it, the ops among them, and a stack's limit is
  // leaked, which the runtime's end takes for a defect of its own and aborts. The original has neither.
  delete Error.prepareStackTrace;
  delete Error.captureStackTrace;
  delete Error.stackTraceLimit;

  // ---- the clock and chance, which are the session's
  const dateText = unbound(NativeDate.prototype.toString);
  function Date(...parts) {
    if (new.target === undefined) return dateText(construct(NativeDate, [op.now()]));
    return construct(NativeDate, parts.length === 0 ? [op.now()] : parts, new.target);
  }
  Date.prototype = NativeDate.prototype;
  defineProperty(Date, 'prototype', { writable: false });
  defineProperty(Date, 'length', { value: 7 });
  show(NativeDate.prototype, 'constructor', Date);
  show(Date, 'UTC', NativeDate.UTC);
  show(Date, 'parse', NativeDate.parse);
  show(Date, 'now', { now() { return op.now(); } }.now);
  show(globalThis, 'Date', Date);
  show(Math, 'random', { random() { return op.random(); } }.random);

  // ---- the log
  const JSONText = (value) => { try { return stringify(value); } catch { return undefined; } };
  const line = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'object' && value !== null && !(value instanceof Error)) { const json = JSONText(value); if (json !== undefined) return json; }
    try { return `${value}`; } catch { return typeof value === 'symbol' ? 'Symbol' : `[${kind(value)}]`; }
  };
  const lines = (values) => {
    let out = '';
    for (let i = 0; i < values.length; i += 1) out += (i === 0 ? '' : ' ') + line(values[i]);
    return out;
  };
  const log = (message) => op.log(outside(message));
  const Logger = {
    write(message) { log(line(message)); },
    hideTones(flag) { op.hideTones(!!flag); },
  };
  show(globalThis, 'Logger', Logger);
  const print = (...values) => log(lines(values));
  show(globalThis, 'console', { log: print, info: print, warn: print, error: print, debug: print });
  show(globalThis, 'trace', { trace(message) { log(line(message)); } }.trace);

  // ---- timers
  const functions = {
    setTimeout(handler, delay, ...rest) { return timer(handler, delay, rest, false); },
    setInterval(handler, delay, ...rest) { return timer(handler, delay, rest, true); },
    clearTimeout(id) { clear(id); },
    clearInterval(id) { clear(id); },
  };
  for (const name of keys(functions)) show(globalThis, name, functions[name]);
  deliveries.timer = (id) => {
    const found = mapGet(timers, id);
    if (found === undefined) return;
    if (!found[2]) mapDelete(timers, id);
    apply(found[0], undefined, found[1]);
  };

  // ---- VoxEngine
  const { application } = base;
  const VoxEngine = {
    addEventListener(event, handler) { listen(application, event, handler); },
    removeEventListener(event, handler) { unlisten(application, event, handler); },
    customData(value) {
      if (value !== undefined) op.setCustomData(text(value, 'customData'));
      return op.customData();
    },
    terminate() { op.terminate(`${new Error().stack}`); },
    getSecretValue(name) { return op.secret(text(name, 'name')); },
    allowWebSocketConnections() { op.allowSockets(); },
    createWebSocket(url, parameters) { return use('websocket').open(url, parameters); },
    // Statistics and traces of sockets are not kept; asking for them changes nothing.
    enableStatisticsForIncomingWebsockets() {},
    disableStatisticsForIncomingWebsockets() {},
    enableTraceForIncomingWebsockets() {},
    disableTraceForIncomingWebsockets() {},
  };
  show(globalThis, 'VoxEngine', VoxEngine);
  const calls = ['callPSTN', 'callUser', 'callUserDirect', 'callSIP', 'callConference', 'callWhatsappUser'];
  const ofCall = (name) => use('call')[name];
  for (let i = 0; i < calls.length; i += 1) lazily(VoxEngine, calls[i], ofCall);
  const ofProcess = (name) => use('process')[name];
  for (const name of ['easyProcess', 'forwardCallToPSTN', 'forwardCallToUser', 'forwardCallToUserDirect', 'forwardCallToSIP', 'playSoundAndHangup']) lazily(VoxEngine, name, ofProcess);
  const ofMedia = (name) => use('media')[name];
  for (const name of ['sendMediaBetween', 'stopMediaBetween']) lazily(VoxEngine, name, ofMedia);
  const ofPlayer = (name) => use('player')[name];
  for (const name of ['createURLPlayer', 'createTTSPlayer', 'createToneScriptPlayer', 'createToneScript']) lazily(VoxEngine, name, ofPlayer);

  // ---- JSession, the engine's older name
  show(globalThis, 'JSession', { close() { VoxEngine.terminate(); } });
  show(globalThis, 'JSession_getLeftMemBytes', { JSession_getLeftMemBytes() { return op.leftMemory(); } }.JSession_getLeftMemBytes);
  show(globalThis, 'JSession_GC', { JSession_GC() {} }.JSession_GC);

  // ---- names that are built when they are used first
  lazily(globalThis, 'WebSocket', () => use('websocket').WebSocket);
  lazily(globalThis, 'Net', () => use('net'));
  const ofText = (name) => use('text')[name];
  for (const name of ['Crypto', 'PhoneNumber', 'base64_encode', 'base64_decode', 'str2bytes', 'bytes2str', 'bytes2hex', 'hex2bytes', 'uuidgen', 'levenshtein_distance', 'getLocalTime']) {
    lazily(globalThis, name, ofText);
  }

  // ---- require: it only makes a module's names available (voxengine.md §1)
  const required = new Map();
  const ofIVR = (name) => use('ivr')[name];
  const modules = { __proto__: null, applicationstorage: () => lazily(globalThis, 'ApplicationStorage', () => use('storage')), voximplantapi: () => lazily(globalThis, 'VoximplantAPI', () => use('management')), ivr: () => { lazily(globalThis, 'IVR', ofIVR); lazily(globalThis, 'IVRState', ofIVR); } };
  const names = op.load('names')(base);
  show(globalThis, 'require', {
    require(module) {
      if (typeof module !== 'string') return;
      const name = toLowerCase(module);
      if (name === 'pushservice') throw new Error('PushService is not available in Cordboard: calls to users reach registered devices only');
      if (mapHas(required, name)) return;
      mapSet(required, name, true);
      if (modules[name] !== undefined) modules[name]();
      names.require(name);
    },
  }.require);

  // ---- the way in
  deliveries.started = (event) => fire(application, 'Application.Started', event);
  deliveries.alerting = (number, event) => fire(application, 'Application.CallAlerting', use('call').arrived(number, event));
  deliveries.terminating = (event) => fire(application, 'Application.Terminating', event);
  deliveries.terminated = (event) => fire(application, 'Application.Terminated', event);
  const answer = (id, value) => {
    if (value === undefined) return op.answer(id, 'nothing', '');
    if (typeof value === 'string') return op.answer(id, 'text', wellFormed(value));
    if (typeof value === 'number') return op.answer(id, 'text', `${value}`);
    const json = stringify(value);
    return json === undefined ? op.answer(id, 'nothing', '') : op.answer(id, 'json', wellFormed(json));
  };
  deliveries.request = (id, event) => {
    let value;
    try {
      value = fire(application, 'Application.HttpRequest', event);
      if (typeof value !== 'object' || value === null || typeof value.then !== 'function') return answer(id, value);
    } catch (error) {
      op.answer(id, 'error', '');
      throw error;
    }
    const failed = (error) => { op.answer(id, 'error', ''); log(`The promise of an HttpRequest handler was rejected: ${line(error)}`); };
    then(new Promise((resolve) => resolve(value)), (result) => { try { answer(id, result); } catch (error) { failed(error); } }, failed);
    return undefined;
  };
  deliveries.socketArrived = (id, event) => use('websocket').arrived(id, event, (name, payload) => fire(application, name, payload));
  deliveries.socketRefused = (event) => fire(application, 'Application.OnNewWebSocketFailed', event);
  deliveries.settled = settled;

  return (name, a, b, c) => deliveries[name](a, b, c);
};
