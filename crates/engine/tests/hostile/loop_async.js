// An async function that awaits in an endless loop and swallows errors.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
(async () => { for (;;) { try { await null; } catch (error) {} finally { await null; } } })();
