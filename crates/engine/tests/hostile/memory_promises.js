// Promises that wait for each other until memory ends: all of them are rejected, one after the other.
// ENDS: JS session error
// LOG: out of memory
const again = () => Promise.resolve().then(again);
again();
