// eval of large sources again and again.
// ENDS: JS session error
for (;;) eval('1;'.repeat(200000));
VoxEngine.terminate();
