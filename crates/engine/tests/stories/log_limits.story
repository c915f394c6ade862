# A line of the log has 15,000 characters; what is cut says so.
--- scenario s
Logger.write('ä'.repeat(15000));
Logger.write('ä'.repeat(15001));
Logger.write('x'.repeat(100000));
--- transcript
at 0 start
  log Loading scenario s
  log ääääääääääääääääääääääääääääääääääääääääääääääääää … ääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääääää (15000 characters)
  log ääääääääääääääääääääääääääääääääääääääääääääääääää … äääääääääääääääääääääääääääääää … (cut: a log message may have 15000 characters) (15049 characters)
  log xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx … xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx … (cut: a log message may have 15000 characters) (15049 characters)
  log Sent event to JS Application.Started
at 1 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
