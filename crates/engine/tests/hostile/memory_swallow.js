// Out of memory that is swallowed, again and again.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
const kept = [];
for (;;) try { for (;;) kept.push('x'.repeat(10000) + kept.length); } catch (error) { }
