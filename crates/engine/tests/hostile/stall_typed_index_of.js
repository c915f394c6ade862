// indexOf of a large typed array, again and again.
// ENDS: JS session error
// STALLS
const a = new Float64Array(1 << 20); for (;;) a.indexOf(1);
VoxEngine.terminate();
