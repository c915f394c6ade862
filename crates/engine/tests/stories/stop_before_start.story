# A session that is stopped before it started runs nothing.
--- scenario s
Logger.write('never');
--- transcript
at 0 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
at 1 start
