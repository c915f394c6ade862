# A driver that comes late: nothing fires twice, and an interval counts from the time it fired.
--- scenario s
setInterval(() => Logger.write('every 100 at ' + Date.now() % 100000), 100);
setTimeout(() => Logger.write('once at ' + Date.now() % 100000), 250);
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1000 late
  -- 1000: a timer
  log every 100 at 1000
  -- 1000: a timer
  log once at 1000
at 1001 tick
at 1099 run
  -- 1100: a timer
  log every 100 at 1100
at 1100 run
at 1100 tick
at 1150 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
