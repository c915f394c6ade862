// ApplicationStorage: key-value pairs that all sessions of an application share (voxengine.md §24).
export default ({ op, text, number, use }) => {
  const { promised } = use('promises');
  return {
    get(key) { return promised(() => op.store('get', text(key, 'key'), '', 0, 0)); },
    put(key, value, ttl) { return promised(() => op.store('put', text(key, 'key'), text(value, 'value'), number(ttl, 'ttl', -1), 0)); },
    remove(key) { return promised(() => op.store('remove', text(key, 'key'), '', 0, 0)); },
    keys(pattern, count) { return promised(() => op.store('keys', pattern === undefined || pattern === null ? '' : text(pattern, 'pattern'), '', 0, number(count, 'count', 1000))); },
  };
};
