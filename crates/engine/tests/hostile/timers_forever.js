// Timers that set timers, at once, for ever.
// ENDS: Timeout
const again = () => { setTimeout(again, 0); };
setInterval(() => {}, 0);
setTimeout(() => {}, 1e300); setTimeout(() => {}, NaN); setTimeout(() => {}, -Infinity);
let n = 0; const some = () => { n += 1; if (n < 500) setTimeout(some, 0); }; some();
