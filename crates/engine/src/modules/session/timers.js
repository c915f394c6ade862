// Timers, of authors and of the prelude (voxengine.md §6).
export default (base) => {
  const { op, kind, isFinite, TypeError, apply, deliveries } = base;
  const timers = { __proto__: null };
  const timer = (handler, delay, rest, repeats) => {
    if (typeof handler !== 'function') throw new TypeError(`the handler of a timer must be a function, not ${kind(handler)}`);
    const ms = typeof delay === 'number' || typeof delay === 'string' ? +delay : 0;
    const id = op.timer(isFinite(ms) ? ms : 0, repeats);
    timers[id] = [handler, rest, repeats];
    return id;
  };
  const clear = (id) => {
    if (typeof id !== 'number' || timers[id] === undefined) return;
    delete timers[id];
    op.clearTimer(id);
  };
  deliveries.timer = (id) => {
    const found = timers[id];
    if (found === undefined) return;
    if (!found[2]) delete timers[id];
    apply(found[0], undefined, found[1]);
  };
  return {
    __proto__: null, timer, clear, clearTimeout: clear, clearInterval: clear,
    setTimeout: (handler, delay, ...rest) => timer(handler, delay, rest, false),
    setInterval: (handler, delay, ...rest) => timer(handler, delay, rest, true),
  };
};
