# The request of Terminating is waited for 90 s, then the session ends without its callback.
--- scenario s
VoxEngine.addEventListener('Application.Started', VoxEngine.terminate);
VoxEngine.addEventListener('Application.Terminating', () => Net.httpRequestAsync('https://api.example/hangs').then(() => Logger.write('never')));
VoxEngine.addEventListener('Application.Terminated', () => Logger.write('terminated'));
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://api.example/hangs; body = 0 bytes; ]
  http 1 GET https://api.example/hangs
at 50000 run
  -- 90000: the last request
  log Sent event to JS Application.Terminated
  log terminated
  log Normal termination
  log Session terminated
  ended Normal termination
at 300000 run
