// A giant sparse array is sorted.
// ENDS: JS session error
// STALLS
const a = []; a[4e9] = 1; a.sort();
VoxEngine.terminate();
