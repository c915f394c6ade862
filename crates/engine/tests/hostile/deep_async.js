// Async recursion: calls that wait for each other until memory ends.
// ENDS: JS session error
// LOG: caught
const down = async (n) => { await down(n + 1); };
down(0).catch((error) => Logger.write('caught ' + error.name));
(async function next() { await null; await next(); })();
