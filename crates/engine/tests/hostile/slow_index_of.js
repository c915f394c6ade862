// indexOf, lastIndexOf and includes of a giant sparse array.
// ENDS: JS session error
const a = []; a[4e9] = 1; a.indexOf(2); a.lastIndexOf(2); a.includes(2); a.fill; a.find(() => false);
VoxEngine.terminate();
