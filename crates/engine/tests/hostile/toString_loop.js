// Conversions that never end: toString, valueOf, toJSON, Symbol.toPrimitive.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
const loop = () => { for (;;); };
Logger.write({ toJSON: loop });
