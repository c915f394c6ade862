# terminate in a callback while other requests are open.
--- scenario s
Net.httpRequest('https://a.example/', VoxEngine.terminate);
Net.httpRequest('https://b.example/', (r) => { Logger.write('b ' + r.text); setTimeout(() => Logger.write('never'), 0); Logger.write('a timer is dead, not an error'); });
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://a.example/; body = 0 bytes; ]
  http 1 GET https://a.example/
  log Executing JS command: HttpRequest with params [id = 2; method = GET; url = https://b.example/; body = 0 bytes; ]
  http 2 GET https://b.example/
  log Sent event to JS Application.Started
at 100 http 1 200 first
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log Terminating request..., stack=
at 200 http 2 200 second
  log Sent event to JS HttpRequestResult with params [id = 2; code = 200; ]
  log b second
  log A timer was set that will not fire: the session is ending
  log a timer is dead, not an error
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
