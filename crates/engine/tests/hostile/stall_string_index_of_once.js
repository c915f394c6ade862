// A needle of a mebibyte that is almost there, in a text of four, once.
// ENDS: JS session error
// STALLS
('a'.repeat(4 << 20)).indexOf('a'.repeat(1 << 20) + 'b');
VoxEngine.terminate();
