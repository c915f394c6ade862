// A giant sparse array is flattened.
// ENDS: JS session error
// STALLS
const a = []; a[4e9] = 1; a.flat();
VoxEngine.terminate();
