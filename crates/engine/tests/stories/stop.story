# An administrator ends a session: it has its last words, and the reason stands in the history.
--- scenario s
VoxEngine.addEventListener('Application.Terminating', () => Net.httpRequest('https://a.example/bye', () => Logger.write('bye')));
VoxEngine.addEventListener('Application.Terminated', () => Logger.write('terminated'));
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://a.example/bye; body = 0 bytes; ]
  http 1 GET https://a.example/bye
at 15 stop Twice
at 20 http 1 200 ok
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log bye
  log Sent event to JS Application.Terminated
  log terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
at 30 stop Late
