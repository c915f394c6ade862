// One buffer of a gibibyte.
// ENDS: JS session error
new ArrayBuffer(1 << 30);
