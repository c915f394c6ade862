// Giant sparse arrays are put together.
// ENDS: JS session error
// STALLS
const a = []; a[4e9] = 1; for (let i = 0; i < 100; i += 1) [].concat(a, a);
VoxEngine.terminate();
