// forEach, map and reduce over a giant sparse array.
// ENDS: JS session error
const a = []; a[4e9] = 1; a.forEach(() => {}); a.some(() => false); a.reduce((x) => x, 0);
VoxEngine.terminate();
