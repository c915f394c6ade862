// A catastrophic regular expression with backreferences and a long input.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
/^(?:(a*)*\1)*b$/.exec('a'.repeat(30000));
