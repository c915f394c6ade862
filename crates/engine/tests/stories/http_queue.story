# Three requests are active, 35 are active or waiting; the 36th throws, or resolves with code 0.
--- scenario s
const done = (r) => Logger.write('done ' + r.code);
for (let i = 1; i <= 35; i += 1) Net.httpRequest('https://a.example/' + i, done, { enableSystemLog: false });
try { Net.httpRequest('https://a.example/36', done); } catch (error) { Logger.write(`${error}`); }
Net.httpRequestAsync('https://a.example/37').then((r) => { Logger.write('async ' + JSON.stringify(r)); VoxEngine.terminate(); });
--- transcript
at 0 start
  log Loading scenario s
  http 1 GET https://a.example/1
  http 2 GET https://a.example/2
  http 3 GET https://a.example/3
  log Error: Exceeded the HTTP connection count limit!
  log Sent event to JS Application.Started
  -- 0: an event of the session's own
  log Sent event to JS HttpRequestResult with params [id = 36; code = 0; ]
  log async {"code":0,"error":"Exceeded the HTTP connection count limit!","headers":[],"raw_headers":"","text":""}
  log Terminating request..., stack=
  |     at <anonymous> (s:4:114)
  log 32 waiting requests were dropped: the session is ending
at 10 http 2 200 ok
  log done 200
at 20 http 1 200 ok
  log done 200
at 25 http 3 200 ok
  log done 200
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
at 30 http 4 200 ok
at 30 run
