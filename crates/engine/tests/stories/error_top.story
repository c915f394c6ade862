# An error in top-level code ends the session; later files and Started do not run.
--- scenario first
VoxEngine.addEventListener('Application.Terminating', (e) => { Logger.write('terminating'); });
VoxEngine.addEventListener('Application.Started', (e) => { Logger.write('never'); });
function deep() { undefinedFunction(); }
deep();
--- scenario second
Logger.write('never');
--- transcript
at 0 start
  log Loading scenario first
  log Uncaught ReferenceError: undefinedFunction is not defined
  |     at deep (first:3:19)
  |     at <eval> (first:4:1)
  log Sent event to JS Application.Terminating
  log terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: ReferenceError: undefinedFunction is not defined (first:3:19).
