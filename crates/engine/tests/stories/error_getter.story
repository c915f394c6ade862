# Reading what was thrown runs nothing that the author wrote.
--- scenario s
const trap = new Error('data');
Object.defineProperty(trap, 'message', { get() { Logger.write('never: message'); Promise.reject(1); return 'x'; } });
Object.defineProperty(trap, 'name', { get() { Logger.write('never: name'); throw trap; } });
Promise.reject(trap);
VoxEngine.addEventListener('Application.Started', () => { throw trap; });
--- transcript
at 0 start
  log Loading scenario s
  log Uncaught (in promise) Error:
  |     at <eval> (s:1:18)
  log Sent event to JS Application.Started
  log Uncaught Error:
  |     at <eval> (s:1:18)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: Error (s:1:18).
