// Memory that runs out where the author catches it: the turn goes on, the session does not.
// ENDS: JS session error
// LOG: caught
// LOG: out of memory
(async () => { let kept; for (;;) kept = { kept }; })().catch(() => Logger.write('caught'));
