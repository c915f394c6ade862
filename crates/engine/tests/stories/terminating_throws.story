# An error in the handlers of the end is logged and does not change how the session ended.
--- scenario s
VoxEngine.addEventListener('Application.Started', (e) => { VoxEngine.terminate(); });
VoxEngine.addEventListener('Application.Terminating', (e) => { null.x; });
VoxEngine.addEventListener('Application.Terminated', (e) => { throw 'a text'; });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Terminating request..., stack=
  |     at <anonymous> (s:1:69)
  log Sent event to JS Application.Terminating
  log Uncaught TypeError: cannot read property 'x' of null
  |     at <anonymous> (s:2:64)
  log Sent event to JS Application.Terminated
  log Uncaught a text
  log Normal termination
  log Session terminated
  ended Normal termination
