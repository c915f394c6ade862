// A million timers.
// ENDS: JS session error
// LOG: at most 100 active timers
for (let i = 0; i < 1000000; i += 1) setTimeout(() => {}, i);
