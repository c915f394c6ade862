// Overlapping alternatives, lookbehind and a long input, by replace.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
for (let i = 0; i < 100; i += 1) ('ab'.repeat(20000) + 'c').replace(/(?<=(?:a|b|ab)*)(?:a|ab|b|ba)*d/g, 'x');
