// Strings put together for ever.
// ENDS: JS session error
const parts = [];
for (let i = 0; ; i += 1) parts.push('x'.repeat(1000) + i);
