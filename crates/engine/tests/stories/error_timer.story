# An error in a timer ends the session.
--- scenario s
setTimeout(function late() { throw new TypeError('too late'); }, 100);
setTimeout(() => Logger.write('never'), 101);
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  -- 100: a timer
  log Uncaught TypeError: too late
  |     at late (s:1:40)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: TypeError: too late (s:1:40).
at 200 run
