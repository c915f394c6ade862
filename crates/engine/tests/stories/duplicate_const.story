# The files of a rule share one scope, so a const that is declared twice ends the session.
--- scenario first
const SHARED = 1;
VoxEngine.addEventListener('Application.Terminating', (e) => { Logger.write('terminating'); });
--- scenario second
Logger.write('never');
const SHARED = 2;
--- scenario third
Logger.write('not reached');
--- transcript
at 0 start
  log Loading scenario first
  log Loading scenario second
  log Uncaught SyntaxError: redeclaration of 'SHARED'
  |     at <eval> (second:1:1)
  log Sent event to JS Application.Terminating
  log terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: SyntaxError: redeclaration of 'SHARED' (second:1:1).
at 1 request 1 GET /
  answer 1 404 empty
