// Typed arrays for ever.
// ENDS: JS session error
const all = [];
for (;;) all.push(new Uint8Array(1 << 20));
