# terminate in a promise; what follows in the same turn still runs.
--- scenario s
VoxEngine.addEventListener('Application.Started', async (e) => { await null; VoxEngine.terminate(); await null; Logger.write('still the same turn'); });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Terminating request..., stack=
  |     at <anonymous> (s:1:87)
  log still the same turn
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
