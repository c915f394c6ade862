// An array that grows for ever.
// ENDS: JS session error
const all = [];
for (;;) all.push(all.length);
