// A giant sparse array is joined.
// ENDS: JS session error
// STALLS
new Array(1e9) + '';
VoxEngine.terminate();
