// Iterator helpers that drop for ever.
// ENDS: JS session error
function* forever() { for (;;) yield 1; } forever().drop(Infinity).next();
VoxEngine.terminate();
