# A session without calls ends after 60 s with Timeout, whatever else it does; a call that ended begins the 60 s again.
--- scenario s
VoxEngine.addEventListener('Application.Started', () => setInterval(() => {}, 20000));
setTimeout(() => VoxEngine.callPSTN('15550101', ''), 50000);
Net.httpRequest('https://a.example/hangs', (r) => Logger.write('answered ' + r.code));
VoxEngine.addEventListener('Application.Terminating', () => Logger.write('terminating'));
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: HttpRequest with params [id = 2; method = GET; url = https://a.example/hangs; body = 0 bytes; ]
  http 2 GET https://a.example/hangs
  log Sent event to JS Application.Started
  -- 20000: a timer
  -- 40000: a timer
  -- 50000: a timer
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = 15550101; callerid = ; ]
  place 4 pstn 15550101 by '' called ''
at 50001 call 4 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = F400927857AAF64114F561BAACB37970; code = 486; reason = Busy Here; ]
at 55000 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  answer 1 200 empty
  -- 60000: a timer
  -- 80000: a timer
  -- 100000: a timer
  -- 110001: no call
  log The session had no call for 60 s
at 115000 run
at 120000 http 2 200 late but waited for
  log Sent event to JS HttpRequestResult with params [id = 2; code = 200; ]
  log answered 200
  log Sent event to JS Application.Terminating
  log terminating
  log Sent event to JS Application.Terminated
  log Timeout
  log Session terminated
  ended Timeout
    call to pstn 15550101 by '' after 0 s: 486 Busy Here, not successful
