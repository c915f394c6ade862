// The ground of every scenario: what the prelude needs of the built-ins, events, and the way in from the session (`deliver`).
//
// Authors may change any built-in, so everything that is needed later is captured here, before their code runs. `op` is
// the table of native functions; it is never handed out, stored where authors can reach it, or passed to their code.
// What not every scenario uses is in files of its own, which are loaded when it is used.
export default (op) => {
  const { Object, Array, String, Number, Math, JSON, Promise, Error, TypeError, RangeError, Reflect, Date: NativeDate, WeakMap } = globalThis;
  const { apply, construct, ownKeys, defineProperty: redefine } = Reflect;
  const { create, defineProperty, keys } = Object;
  const { isArray } = Array;
  const { parse, stringify } = JSON;
  const { floor } = Math;
  const { isFinite } = Number;
  const unbound = (method) => (self, a, b) => apply(method, self, [a, b]);

  // Properties are defined often, so the same descriptors serve for all of them.
  const hidden = { __proto__: null, value: undefined, writable: true, enumerable: false, configurable: true };
  const visible = { __proto__: null, value: undefined, writable: true, enumerable: true, configurable: true };
  const show = (object, name, value) => { hidden.value = value; defineProperty(object, name, hidden); hidden.value = undefined; };
  const own = (object, name, value) => { visible.value = value; defineProperty(object, name, visible); visible.value = undefined; };

  // An array that grows without asking Array.prototype.
  const append = (list, value) => own(list, list.length, value);

  // Listeners by event. A handler that is no function is an error when its event fires, not before (voxengine.md §7).
  const listeners = () => ({ __proto__: null });
  const listen = (table, event, handler) => {
    if (typeof event !== 'string') { base.use('values').noEvent(event); return; }
    const list = table[event];
    if (list === undefined) { table[event] = [handler]; return; }
    op.listening(list.length);
    const longer = [];
    for (let i = 0; i < list.length; i += 1) append(longer, list[i]);
    append(longer, handler);
    table[event] = longer;
  };
  // The first answer that is not undefined.
  const fire = (table, event, payload) => {
    const list = table[event];
    let answer;
    if (list === undefined) return answer;
    for (let i = 0; i < list.length; i += 1) {
      const current = table[event];
      let still = current === list;
      if (!still && current !== undefined) for (let k = 0; k < current.length; k += 1) if (current[k] === list[i]) still = true;
      if (!still) continue;
      if (typeof list[i] !== 'function') base.use('values').noHandler(event, list[i]);
      const got = apply(list[i], undefined, [payload]);
      if (answer === undefined) answer = got;
    }
    return answer;
  };

  // What a file of the prelude gives: it is loaded when it is used first. All but this one need `values`.
  const loaded = { __proto__: null };
  const use = (name) => {
    if (loaded[name] === undefined) {
      if (name !== 'values') use('values');
      loaded[name] = op.load(name)(base);
    }
    return loaded[name];
  };
  const access = { __proto__: null, get: undefined, set: undefined, enumerable: false, configurable: true };
  // One function both gets (without an argument) and sets.
  const lazily = (target, name, make) => {
    const at = (...given) => {
      const value = given.length === 0 ? make(name) : given[0];
      // The object may be frozen by now; then the value is made each time.
      redefine(target, name, { __proto__: null, value, writable: true, enumerable: false, configurable: true });
      return value;
    };
    access.get = at;
    access.set = at;
    defineProperty(target, name, access);
  };

  const deliveries = { __proto__: null };
  const base = {
    __proto__: null,
    op, own, show, append, listeners, listen, fire, use, lazily, deliveries,
    // What sound comes from and goes to: object → {kind, number}.
    units: new WeakMap(),
    // What happens to the application itself.
    application: listeners(),
    apply, construct, create, defineProperty, keys, ownKeys, isArray, isFinite, parse, stringify, floor,
    weakGet: unbound(WeakMap.prototype.get),
    weakSet: unbound(WeakMap.prototype.set),
    dateValue: unbound(NativeDate.prototype.getTime),
    then: unbound(Promise.prototype.then),
    toLowerCase: unbound(String.prototype.toLowerCase),
    // Half of a surrogate pair alone is no text outside JavaScript.
    wellFormed: unbound(String.prototype.toWellFormed),
    WeakMap, NativeDate, Promise, Error, TypeError, RangeError,
  };

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

  // ---- classes, which are made when they are used first
  const ofFile = { __proto__: null, WebSocket: 'websocket', Net: 'net', Call: 'call', Player: 'player', BasePlayer: 'player' };
  const make = (name) => {
    if (name === 'Net') return use('net');
    return ofFile[name] === undefined ? use('names').global(name) : use(ofFile[name])[name];
  };
  for (const name in ofFile) lazily(globalThis, name, make);
  const classes = op.define();
  for (let i = 0; i < classes.length; i += 1) lazily(globalThis, classes[i], make);

  // ---- the way in
  const EVENTS = { __proto__: null, started: 'Application.Started', terminating: 'Application.Terminating', terminated: 'Application.Terminated' };
  const FILES = { __proto__: null, alerting: 'call', timer: 'timers', request: 'engine', socketArrived: 'engine', socketRefused: 'engine', settled: 'promises' };
  const { application } = base;
  // The event is JSON, as the answer is of `settled`: what nobody hears is not read.
  const deliver = (name, number, event, answer) => {
    const told = EVENTS[name];
    if (told !== undefined) {
      if (application[told] !== undefined) fire(application, told, parse(event));
      return;
    }
    if (deliveries[name] === undefined) use(FILES[name]);
    deliveries[name](number, event, answer);
  };

  loaded.session = {
    __proto__: null,
    addEventListener: (event, handler) => { listen(application, event, handler); },
    terminate: () => { op.terminate(new Error()); },
  };
  return { __proto__: null, deliver, use };
};
