// Promises of things that the session does outside: number → [resolve, reject].
export default ({ mapGet, mapSet, mapDelete, Map, Promise, apply, deliveries }) => {
  const waiting = new Map();
  const settled = (id, ok, value) => {
    const pair = mapGet(waiting, id);
    mapDelete(waiting, id);
    if (pair !== undefined) apply(ok ? pair[0] : pair[1], undefined, [value]);
  };
  deliveries.settled = settled;
  return {
    __proto__: null,
    settled,
    promised: (start) => new Promise((resolve, reject) => mapSet(waiting, start(), [resolve, reject])),
    called: (id, callback) => mapSet(waiting, id, [callback, callback]),
  };
};
