// A power beyond all bounds.
// ENDS: JS session error
7n ** (7n ** 20n);
VoxEngine.terminate();
