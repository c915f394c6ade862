// Numbers of a million digits are read.
// ENDS: JS session error
for (;;) { Number('1'.repeat(1000000)); parseFloat('1' + '0'.repeat(1000000) + '.5'); parseInt('z'.repeat(1000000), 36); (1e21 + 1).toFixed(100); }
VoxEngine.terminate();
