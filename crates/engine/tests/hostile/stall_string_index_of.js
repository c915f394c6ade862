// A long needle that is almost there, in a longer text.
// ENDS: JS session error
// STALLS
const hay = 'a'.repeat(300000); const needle = 'a'.repeat(100000) + 'b'; for (let i = 0; i < 10; i += 1) hay.indexOf(needle); for (let i = 0; i < 10; i += 1) hay.includes(needle); hay.split(needle); hay.replaceAll(needle, ''); hay.lastIndexOf(needle);
VoxEngine.terminate();
