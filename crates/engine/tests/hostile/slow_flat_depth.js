// flat of arrays in arrays in arrays, each twice.
// ENDS: JS session error
let a = [1]; for (let i = 0; i < 60; i += 1) a = [a, a]; a.flat(Infinity);
VoxEngine.terminate();
