// A list of half a million objects, each in the other, that is freed at once, and again at the end.
// ENDS: Normal termination
let chain = null;
for (let i = 0; i < 100000; i += 1) chain = { chain };
chain = null;
let list = null;
for (let i = 0; i < 50000; i += 1) list = [list, () => list];
globalThis.kept = list;
VoxEngine.terminate();
