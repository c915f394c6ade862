// VoximplantAPI: the Management API with the rights of the key that is bound to the rule (voxengine.md §25).
export default (base) => {
  const { promised, settled } = base.use('promises');
  const { op, kind, stringify, parse, keys, isArray, own, append, NativeDate, TypeError, create } = base;

  const value = (of, name) => {
    if (typeof of === 'string' || typeof of === 'number' || typeof of === 'boolean') return `${of}`;
    if (of instanceof NativeDate) return op.wireDate(+of);
    if (isArray(of)) {
      let out = '';
      for (let i = 0; i < of.length; i += 1) out += (i === 0 ? '' : ';') + value(of[i], `${name}[${i}]`);
      return out;
    }
    if (typeof of === 'object') return stringify(of);
    throw new TypeError(`${name} must be a string, number, boolean, Date or list, not ${kind(of)}`);
  };

  const parameters = (request) => {
    const out = [];
    if (request === undefined || request === null) return out;
    if (typeof request !== 'object') throw new TypeError(`the request must be an object, not ${kind(request)}`);
    const names = keys(request);
    for (let i = 0; i < names.length; i += 1) {
      const of = request[names[i]];
      if (of !== undefined && of !== null) append(out, [op.snake(names[i]), value(of, names[i])]);
    }
    return out;
  };

  // Names as the runtime's declarations have them; the fields that they type as Date become one.
  const result = (of, name) => {
    if (typeof of === 'string' && op.isDate(name)) { const ms = op.wireTime(of); return ms === undefined ? of : new NativeDate(ms); }
    if (isArray(of)) { const out = []; for (let i = 0; i < of.length; i += 1) append(out, result(of[i], name)); return out; }
    if (typeof of !== 'object' || of === null) return of;
    const out = {};
    const names = keys(of);
    for (let i = 0; i < names.length; i += 1) { const to = op.camel(names[i]); own(out, to, result(of[names[i]], to)); }
    return out;
  };

  base.deliveries.managed = (id, answer) => settled(id, true, result(parse(answer), ''));

  const group = (name) => {
    const methods = parse(op.managementMethods(name));
    const out = create(null);
    for (let i = 0; i < methods.length; i += 1) {
      const method = methods[i];
      own(out, op.lowerFirst(method), (request) => {
        return promised(() => op.manage(method, stringify(parameters(request))));
      });
    }
    return out;
  };

  class Client {
    constructor() {
      op.mayManage();
      const groups = parse(op.managementGroups());
      for (let i = 0; i < groups.length; i += 1) base.lazily(this, groups[i], () => group(groups[i]));
    }
  }
  return { Client };
};
