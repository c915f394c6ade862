// The text of a structure that shares its parts.
// ENDS: JS session error
let a = [1]; for (let i = 0; i < 60; i += 1) a = [a, a]; String(a);
VoxEngine.terminate();
