// Methods of Array on an object that says it has 2⁵³ elements.
// ENDS: JS session error
const a = { length: 2 ** 53 - 1 }; for (const f of ['indexOf', 'lastIndexOf', 'includes']) Array.prototype[f].call(a, 1);
VoxEngine.terminate();
