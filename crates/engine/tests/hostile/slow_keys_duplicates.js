// A proxy whose many keys are checked against each other.
// ENDS: JS session error
const target = Object.preventExtensions(Object.fromEntries(Array.from({ length: 30000 }, (_, i) => ['k' + i, 1]))); const names = Object.keys(target); for (;;) Reflect.ownKeys(new Proxy(target, { ownKeys: () => names }));
VoxEngine.terminate();
