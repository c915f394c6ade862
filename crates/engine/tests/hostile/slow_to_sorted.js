// toSorted, toReversed, toSpliced and with of a giant sparse array.
// ENDS: JS session error
const a = []; a.length = 1e9; for (const f of ['toSorted', 'toReversed', 'toSpliced']) try { a[f](); } catch (e) { Logger.write(f + e); } a.with(0, 1);
VoxEngine.terminate();
