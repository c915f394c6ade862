// Promises of things that the session does outside: number → [resolve, reject].
export default ({ Promise, apply, deliveries }) => {
  const waiting = { __proto__: null };
  const settled = (id, ok, value) => {
    const pair = waiting[id];
    delete waiting[id];
    if (pair !== undefined) apply(ok ? pair[0] : pair[1], undefined, [value]);
  };
  deliveries.settled = settled;
  return {
    __proto__: null,
    settled,
    promised: (start) => new Promise((resolve, reject) => { waiting[start()] = [resolve, reject]; }),
    called: (id, callback) => { waiting[id] = [callback, callback]; },
  };
};
