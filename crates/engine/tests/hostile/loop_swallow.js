// A loop that swallows every error, in catch and in finally, must not survive the brake.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
// NEVER: never:
function again() { for (;;) { try { for (;;) { try { null.x; } catch (error) { continue; } finally { continue; } } } catch (error) { } finally { continue; } } }
try { again(); } catch (error) { Logger.write('never: caught'); again(); } finally { Logger.write('never: finally'); }
VoxEngine.addEventListener('Application.Terminating', () => Logger.write('never: after the brake'));
