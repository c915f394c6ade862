// A Map whose keys collide.
// ENDS: JS session error
const m = new Map(); for (let i = 0; i < 50000; i += 1) m.set(i * 2 ** 32, 1); for (let i = 0; ; i += 1) m.get(i * 2 ** 32);
VoxEngine.terminate();
