// Memory that runs out inside a promise: a rejection that nobody handles, which ends the session all the same.
// ENDS: JS session error
// LOG: out of memory
(async () => { await null; let kept; for (;;) kept = { kept }; })();
