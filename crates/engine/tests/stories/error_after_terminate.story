# An error after terminate in the same block is how the session ended.
--- scenario s
VoxEngine.addEventListener('Application.Started', (e) => { VoxEngine.terminate(); null.x; });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Terminating request..., stack=
  |     at <anonymous> (s:1:69)
  log Uncaught TypeError: cannot read property 'x' of null
  |     at <anonymous> (s:1:82)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: TypeError: cannot read property 'x' of null (s:1:82).
