// A giant sparse array is reversed.
// ENDS: JS session error
// STALLS
const a = []; a[4e9] = 1; a.reverse();
VoxEngine.terminate();
