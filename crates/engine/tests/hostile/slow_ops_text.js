// Seven megabytes are handed to a function that needs a few letters, again and again.
// ENDS: JS session error
const big = 'x'.repeat(7000000); for (;;) try { VoxEngine.getSecretValue(big); } catch (error) { }
VoxEngine.terminate();
