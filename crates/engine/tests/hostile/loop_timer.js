// An endless loop in a timer.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
setTimeout(() => { while (true) Math.sqrt(2); }, 5);
