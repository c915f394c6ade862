// A number of a million digits is read.
// ENDS: JS session error
BigInt('9'.repeat(1000000));
VoxEngine.terminate();
