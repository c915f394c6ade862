// A generator without end, spread, destructured and looped over.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
function* forever() { try { for (;;) yield 1; } finally { for (;;); } }
for (const one of forever()) if (one > 2) break;
