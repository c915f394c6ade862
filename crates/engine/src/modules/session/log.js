// The log: Logger, console and trace.
export default ({ op, stringify, kind, outside, Error }) => {
  const JSONText = (value) => { try { return stringify(value); } catch { return undefined; } };
  const line = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'object' && value !== null && !(value instanceof Error)) { const json = JSONText(value); if (json !== undefined) return json; }
    try { return `${value}`; } catch { return typeof value === 'symbol' ? 'Symbol' : `[${kind(value)}]`; }
  };
  const write = (message) => op.log(outside(line(message)));
  const print = (...values) => {
    let out = '';
    for (let i = 0; i < values.length; i += 1) out += (i === 0 ? '' : ' ') + line(values[i]);
    op.log(outside(out));
  };
  return {
    __proto__: null, line, write, trace: write, log: print, info: print, warn: print, error: print, debug: print,
    hideTones: (flag) => op.hideTones(!!flag),
  };
};
