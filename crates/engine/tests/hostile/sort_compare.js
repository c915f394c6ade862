// A comparator that is called again and again, and lies.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
for (;;) Array.from({ length: 100000 }, (_, i) => i % 7).sort(() => Math.random() - 0.5);
