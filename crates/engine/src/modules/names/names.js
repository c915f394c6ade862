// Constants and the names that are known but not built: they exist, so that scenarios load, and say what is missing when called.
export default ({ op, show, lazily, create, keys, parse, Error, Proxy, mapHas, mapSet, Map }) => {
  const offered = new Map();
  const offer = (list) => {
    for (let i = 0; i < list.length; i += 1) {
      const name = list[i];
      if (mapHas(offered, name)) continue;
      mapSet(offered, name, true);
      lazily(globalThis, name, () => parse(op.names(name)));
    }
  };
  offer(parse(op.nameList('')));
  return { __proto__: null, require(module) { offer(parse(op.nameList(module))); } };
};
