# Of several handlers the first answer that is not undefined is sent; all run.
--- scenario s
VoxEngine.addEventListener('Application.HttpRequest', (e) => { Logger.write('one'); });
VoxEngine.addEventListener('Application.HttpRequest', (e) => { Logger.write('two'); return 'second'; });
VoxEngine.addEventListener('Application.HttpRequest', (e) => { Logger.write('three'); return 'third'; });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  log one
  log two
  log three
  answer 1 200 text second
at 20 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
