// Object.groupBy and fromEntries of a giant array-like.
// ENDS: JS session error
Array.from(new Array(4e9).keys());
VoxEngine.terminate();
