// padStart and padEnd beyond memory.
// ENDS: JS session error
try { ''.padEnd(2 ** 30, 'ab'); } catch (e) { Logger.write(e.message); } for (;;) ''.padStart(4000000, 'x');
VoxEngine.terminate();
