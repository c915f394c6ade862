# terminate in a timer: other timers that are due are dead.
--- scenario s
setTimeout(() => { VoxEngine.terminate(); setTimeout(() => Logger.write('never'), 0); }, 10);
setTimeout(() => Logger.write('never'), 10);
setInterval(() => Logger.write('never'), 100);
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  -- 10: a timer
  log Terminating request..., stack=
  |     at <anonymous> (s:1:29)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
at 1000 run
