// A large array is sorted by the default order, again and again.
// ENDS: JS session error
const a = Array.from({ length: 300000 }, (_, i) => (i * 7919) % 300000); for (;;) a.slice().sort();
VoxEngine.terminate();
