// Closures for ever.
// ENDS: JS session error
const all = [];
for (let i = 0; ; i += 1) { const big = new Array(100).fill(i); all.push(() => big); }
