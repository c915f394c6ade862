// Typed arrays: sort, set, fill and join of the largest ones.
// ENDS: JS session error
const a = new Uint8Array(8 << 20); for (let i = 0; ; i += 1) { a.slice(); a.sort(); } try { a.join(); } catch (e) { Logger.write(e.name); }
VoxEngine.terminate();
