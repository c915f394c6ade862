// A giant array-like is sliced.
// ENDS: JS session error
Array.prototype.slice.call({ length: 2 ** 53 - 1 }, 5, 2 ** 40);
VoxEngine.terminate();
