// The digits of a number of a million bits, again and again.
// ENDS: JS session error
// STALLS
for (;;) (3n ** 600000n).toString();
VoxEngine.terminate();
