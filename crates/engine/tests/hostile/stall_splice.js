// A giant sparse array is spliced.
// ENDS: JS session error
// STALLS
const a = []; a[4e9] = 1; a.splice(0, 1);
VoxEngine.terminate();
