# terminate does not stop the running block; open requests are waited for and their callbacks run; queued ones are dropped without one.
custom_data = order 7
--- scenario s
VoxEngine.addEventListener('Application.Terminating', (e) => {
  Logger.write('terminating ' + JSON.stringify(e));
  Net.httpRequest('https://api.example/last', (r) => Logger.write('last done ' + r.code), { method: 'POST', postData: VoxEngine.customData() });
  try { Net.httpRequest('https://api.example/second', () => Logger.write('never')); } catch (error) { Logger.write('second: ' + error.message); }
  try { Net.httpRequestAsync('https://api.example/third').catch((error) => Logger.write('third: ' + error.message)); } catch (error) { Logger.write('threw: ' + error.message); }
});
VoxEngine.addEventListener('Application.Terminated', (e) => {
  Logger.write('terminated ' + JSON.stringify(e));
  try { Net.httpRequest('https://api.example/too-late', () => {}); } catch (error) { Logger.write('too late: ' + error.message); }
});
VoxEngine.addEventListener('Application.Started', () => {
  for (let i = 1; i <= 5; i += 1) Net.httpRequest('https://api.example/' + i, (r) => Logger.write('callback ' + i + ' ' + r.code + ' ' + VoxEngine.customData()));
  setTimeout(() => Logger.write('never: a timer'), 100);
  VoxEngine.terminate();
  Logger.write('the block goes on');
  Net.httpRequest('https://api.example/after-terminate', () => Logger.write('never: queued'));
});
VoxEngine.addEventListener('Application.Started', () => Logger.write('the next handler, too'));
VoxEngine.addEventListener('Application.HttpRequest', () => 'never');
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://api.example/1; body = 0 bytes; ]
  http 1 GET https://api.example/1
  log Executing JS command: HttpRequest with params [id = 2; method = GET; url = https://api.example/2; body = 0 bytes; ]
  http 2 GET https://api.example/2
  log Executing JS command: HttpRequest with params [id = 3; method = GET; url = https://api.example/3; body = 0 bytes; ]
  http 3 GET https://api.example/3
  log Executing JS command: HttpRequest with params [id = 4; method = GET; url = https://api.example/4; body = 0 bytes; ]
  log Executing JS command: HttpRequest with params [id = 5; method = GET; url = https://api.example/5; body = 0 bytes; ]
  log Terminating request..., stack=
  |     at <anonymous> (s:14:13)
  log the block goes on
  log Executing JS command: HttpRequest with params [id = 7; method = GET; url = https://api.example/after-terminate; body = 0 bytes; ]
  log the next handler, too
  log 3 waiting requests were dropped: the session is ending
at 50 request 1 GET /x
  answer 1 404 empty
at 50 arrive 1 GET /x
  refuse 1 The session is ending.
at 1000 http 1 200 one
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log callback 1 200 order 7
at 2000 http 2 failed -7 too slow
  log Sent event to JS HttpRequestResult with params [id = 2; code = -7; ]
  log callback 2 -7 order 7
at 2500 http 4 200 nobody waits for this one
at 3000 http 3 404 three
  log Sent event to JS HttpRequestResult with params [id = 3; code = 404; ]
  log callback 3 404 order 7
  log Sent event to JS Application.Terminating
  log terminating {}
  log Executing JS command: HttpRequest with params [id = 8; method = POST; url = https://api.example/last; body = 7 bytes; ]
  http 8 POST https://api.example/last
    body order 7
  log second: exactly one HTTP request may be made while the session is terminating
  log third: exactly one HTTP request may be made while the session is terminating
at 5000 http 8 200 last
  log Sent event to JS HttpRequestResult with params [id = 8; code = 200; ]
  log last done 200
  log Sent event to JS Application.Terminated
  log terminated {}
  log too late: an HTTP request is not possible: the session is ending
  log Normal termination
  log Session terminated
  ended Normal termination
    custom data order 7
at 6000 request 2 GET /
  answer 2 404 empty
