# terminate in top-level code: the later files and Started still run, because the whole turn does.
--- scenario first
VoxEngine.terminate();
Logger.write('first goes on');
--- scenario second
Logger.write('second runs');
VoxEngine.addEventListener('Application.Started', (e) => { Logger.write('started'); });
VoxEngine.addEventListener('Application.Terminating', (e) => { Logger.write('terminating'); });
--- transcript
at 0 start
  log Loading scenario first
  log Terminating request..., stack=
  |     at <eval> (first:1:10)
  log first goes on
  log Loading scenario second
  log second runs
  log Sent event to JS Application.Started
  log started
  log Sent event to JS Application.Terminating
  log terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
