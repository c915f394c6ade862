// shift and unshift of a giant sparse array.
// ENDS: JS session error
// STALLS
const a = []; a[4e9] = 1; a.shift(); a.unshift(1);
VoxEngine.terminate();
