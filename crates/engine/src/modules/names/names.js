// Constants and names that are not built, as far as QuickJS's lists do not make them: those that a module brings when it is
// required, and those with classes in them. What is not built says so when it is called.
export default (base) => {
  const { op, own, show, defineProperty, keys, isArray, parse, Error } = base;

  const missing = (path) => { throw new Error(`${path} is not yet available in Cordboard`); };
  const unbuilt = (path, name) => ({ [name]() { missing(path); } }[name]);
  const unbuiltClass = (path, name, methods) => {
    const made = { [name]: function () { missing(path); } }[name];
    for (let i = 0; i < methods.length; i += 1) show(made.prototype, methods[i], unbuilt(`${path}.${methods[i]}`, methods[i]));
    return made;
  };

  const member = (path, name, node) => {
    if (node === null) return unbuilt(path, name);
    if (isArray(node)) return unbuiltClass(path, name, node);
    return typeof node === 'object' ? object(path) : node;
  };
  const object = (path) => {
    const out = parse(op.names(path));
    const names = keys(out);
    for (let i = 0; i < names.length; i += 1) {
      const name = names[i];
      const node = out[name];
      if (typeof node === 'object') {
        const deeper = `${path}.${name}`;
        defineProperty(out, name, {
          __proto__: null,
          get() { const value = member(deeper, name, node); own(out, name, value); return value; },
          set(value) { own(out, name, value); },
          enumerable: true,
          configurable: true,
        });
      }
    }
    return out;
  };

  const global = (name) => member(name, name, parse(op.name(name)));
  return {
    __proto__: null,
    global,
    require: (module) => { const list = op.nameList(module); for (let i = 0; i < list.length; i += 1) base.lazily(globalThis, list[i], global); },
  };
};
