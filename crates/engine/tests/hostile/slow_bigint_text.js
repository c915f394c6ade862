// The digits of a huge power.
// ENDS: JS session error
(2n ** 10000000n).toString();
VoxEngine.terminate();
