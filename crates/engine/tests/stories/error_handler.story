# An error in a handler ends the session; the handlers after it do not run.
--- scenario s
VoxEngine.addEventListener('Application.Started', (e) => { null.property; });
VoxEngine.addEventListener('Application.Started', (e) => { Logger.write('never'); });
VoxEngine.addEventListener('Application.Terminated', (e) => { Logger.write('terminated'); });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Uncaught TypeError: cannot read property 'property' of null
  |     at <anonymous> (s:1:59)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: TypeError: cannot read property 'property' of null (s:1:59).
