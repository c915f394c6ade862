// JSON of a giant sparse array.
// ENDS: JS session error
const a = []; a[4e9] = 1; JSON.stringify(a);
VoxEngine.terminate();
