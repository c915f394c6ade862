# Without a handler, and to a request that is still open at the end.
--- scenario s
const open = []; let n = 0;
setTimeout(() => VoxEngine.addEventListener('Application.HttpRequest', () => new Promise(() => {})), 50);
setTimeout(VoxEngine.terminate, 1000);
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  answer 1 200 empty
  -- 50: a timer
at 100 request 2 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
at 200 request 3 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  -- 1000: a timer
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  answer 2 404 empty
  answer 3 404 empty
  log Normal termination
  log Session terminated
  ended Normal termination
at 1000 run
at 1001 request 4 GET /
  answer 4 404 empty
