// A giant sparse array is joined by nothing.
// ENDS: JS session error
// STALLS
new Array(4e9).join('');
VoxEngine.terminate();
