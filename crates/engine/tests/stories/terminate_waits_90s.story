# Open requests are waited for 90 s, the one of Terminating for 90 s more.
--- scenario s
VoxEngine.addEventListener('Application.Started', () => { Net.httpRequest('https://api.example/hangs', () => Logger.write('never')); VoxEngine.terminate(); });
VoxEngine.addEventListener('Application.Terminating', () => { Logger.write('terminating'); if (VoxEngine.customData() === 'last') Net.httpRequest('https://api.example/hangs-too', () => Logger.write('never')); });
VoxEngine.addEventListener('Application.Terminated', () => Logger.write('terminated'));
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://api.example/hangs; body = 0 bytes; ]
  http 1 GET https://api.example/hangs
  log Terminating request..., stack=
  |     at <anonymous> (s:1:143)
at 89999 run
  -- 90000: open requests
  log Sent event to JS Application.Terminating
  log terminating
  log Sent event to JS Application.Terminated
  log terminated
  log Normal termination
  log Session terminated
  ended Normal termination
at 95000 run
at 300000 run
