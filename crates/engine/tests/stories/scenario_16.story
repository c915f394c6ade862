# The end of a session (test scenario 16).
custom_data = begin
--- scenario s
VoxEngine.addEventListener('Application.Terminating', () => {
  Logger.write('T16 terminating');
  Net.httpRequest('http://127.0.0.1:8099/last', (r) => Logger.write('T16 request done ' + r.code), {
    method: 'POST', postData: VoxEngine.customData(),
  });
});
VoxEngine.addEventListener('Application.Terminated', () => Logger.write('T16 terminated'));
VoxEngine.addEventListener('Application.Started', () => {
  Logger.write('T16 before ' + VoxEngine.customData());
  VoxEngine.customData('result=7');
  setTimeout(() => Logger.write('T16 timer'), 100);
  VoxEngine.terminate();
  Logger.write('T16 still running');
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log T16 before begin
  log Terminating request..., stack=
  |     at <anonymous> (s:12:13)
  log T16 still running
  log Sent event to JS Application.Terminating
  log T16 terminating
  log Executing JS command: HttpRequest with params [id = 2; method = POST; url = http://127.0.0.1:8099/last; body = 8 bytes; ]
  http 2 POST http://127.0.0.1:8099/last
    body result=7
at 200 http 2 200 ok
  log Sent event to JS HttpRequestResult with params [id = 2; code = 200; ]
  log T16 request done 200
  log Sent event to JS Application.Terminated
  log T16 terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    custom data result=7
at 300 http 1 200 ok
at 400 run
