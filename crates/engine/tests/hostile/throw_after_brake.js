// A brake in the middle of a request: the answer is still given, nothing runs afterwards.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
// NEVER: never:
VoxEngine.addEventListener('Application.HttpRequest', () => { try { for (;;); } finally { VoxEngine.customData('never'); Logger.write('never: finally'); } });
VoxEngine.addEventListener('Application.Terminating', () => Logger.write('never: terminating'));
