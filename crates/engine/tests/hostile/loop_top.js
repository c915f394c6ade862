// An endless loop in top-level code.
// ENDS: JS session error
// LOG: before
// LOG: The session was stopped: a turn may use 1 s of processor time
Logger.write('before');
for (;;);
