// Catastrophic regular expressions: nested quantifiers.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
/^(a+)+$/.test('a'.repeat(40) + '!');
