// String.raw and fromCharCode with giant lengths.
// ENDS: JS session error
// STALLS
String.raw({ raw: { length: 2 ** 53 - 1 } }, ...[]);
VoxEngine.terminate();
