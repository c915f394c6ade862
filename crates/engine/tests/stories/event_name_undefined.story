# A misspelled constant is an error where it is written.
--- scenario s
try { VoxEngine.addEventListener(({}).Startd, () => {}); } catch (error) { Logger.write(error.message); }
VoxEngine.addEventListener(7, () => {});
--- transcript
at 0 start
  log Loading scenario s
  log the event must be a name such as AppEvents.Started, not undefined: is the constant misspelled?
  log Uncaught TypeError: the event must be a name such as AppEvents.Started, not a number: is the constant misspelled?
  |     at <eval> (s:2:11)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
