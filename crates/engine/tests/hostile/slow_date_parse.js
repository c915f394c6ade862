// Date.parse of long texts, again and again.
// ENDS: JS session error
for (;;) Date.parse(' '.repeat(1000000) + 'x');
VoxEngine.terminate();
