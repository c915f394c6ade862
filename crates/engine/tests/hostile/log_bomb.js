// The log is filled until it is full, with lines that are too long.
// ENDS: Normal termination
// LOG: The log of this session is full: it may have 16777216 bytes
const line = '\u20ac'.repeat(20000);
for (let i = 0; i < 500; i += 1) Logger.write(line);
VoxEngine.terminate();
