// An iterator whose return method never ends.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
const endless = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { for (;;); } }; } };
const [one] = endless;
