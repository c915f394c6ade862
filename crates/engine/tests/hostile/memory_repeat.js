// String.repeat beyond memory.
// ENDS: JS session error
'x'.repeat(1 << 29);
