// Products of huge numbers.
// ENDS: JS session error
let a = 3n ** 1000000n; for (let i = 0; i < 3; i += 1) a *= a;
VoxEngine.terminate();
