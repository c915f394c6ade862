// A chain of promises that never ends.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
const next = () => { Promise.resolve().then(next); };
next();
