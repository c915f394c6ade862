// An endless loop in the handlers of the end.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
VoxEngine.addEventListener('Application.Terminating', () => { for (;;); });
VoxEngine.terminate();
