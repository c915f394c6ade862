// A proxy with a giant list of keys.
// ENDS: JS session error
const p = new Proxy({}, { ownKeys: () => ({ length: 1e9 }) }); try { Reflect.ownKeys(p); } catch (e) { Logger.write(e.message); } Object.keys(new Proxy({}, { ownKeys: () => Array.from({ length: 200000 }, (_, i) => 'k' + i) }));
VoxEngine.terminate();
