// JSON of a huge structure that shares its parts.
// ENDS: JS session error
let a = [1]; for (let i = 0; i < 40; i += 1) a = [a, a]; JSON.stringify(a);
VoxEngine.terminate();
