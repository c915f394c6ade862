// Calls without end: beyond fifty they fail, and beyond five hundred they are errors.
// ENDS: Timeout
// LOG: placed 500 a session may attempt 50 calls
let placed = 0;
try { for (;;) { VoxEngine.callPSTN('1', '').addEventListener(CallEvents.Connected, (e) => e.call.hangup()); placed += 1; } } catch (error) { Logger.write(`placed ${placed} ${error.message}`); }
