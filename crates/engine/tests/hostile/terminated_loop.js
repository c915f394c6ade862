// An endless chain of promises in the last handler.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
VoxEngine.addEventListener('Application.Terminated', () => { const next = () => { Promise.resolve().then(next); }; next(); });
VoxEngine.terminate();
