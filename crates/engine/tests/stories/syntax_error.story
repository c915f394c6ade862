# A file that cannot be parsed ends the session with the place of the error; Started is never fired.
--- scenario s
VoxEngine.addEventListener('Application.Started', (e) => { Logger.write('started'); });
const x = ;
--- transcript
at 0 start
  log Loading scenario s
  log Uncaught SyntaxError: unexpected token in expression: ';'
  |     at s:2:11
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: SyntaxError: unexpected token in expression: ';' (s:2:11).
