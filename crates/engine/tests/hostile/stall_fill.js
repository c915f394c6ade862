// fill and copyWithin of a giant array-like.
// ENDS: JS session error
// STALLS
const a = new Proxy({ length: 2 ** 53 - 1 }, { set: () => true }); Array.prototype.copyWithin.call({ length: 2 ** 53 - 1 }, 0, 5); Array.prototype.fill.call(a, 1);
VoxEngine.terminate();
