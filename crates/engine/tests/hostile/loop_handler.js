// An endless loop in a handler.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
VoxEngine.addEventListener('Application.HttpRequest', () => { for (;;); });
