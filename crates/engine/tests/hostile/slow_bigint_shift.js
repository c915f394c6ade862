// Shifts beyond all bounds.
// ENDS: JS session error
try { 1n << (1n << 62n); } catch (e) { Logger.write(e.message); } BigInt.asUintN(2 ** 53 - 1, -1n);
VoxEngine.terminate();
