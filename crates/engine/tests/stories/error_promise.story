# A rejection that nobody handles is logged; one that is handled, even later in the same turn, is not.
--- scenario s
Promise.reject(new Error('nobody handles this'));
const later = Promise.reject(new Error('handled in the same turn'));
Promise.resolve().then(() => later.catch(() => Logger.write('handled')));
VoxEngine.addEventListener('Application.Started', async () => { await null; undefinedFunction(); });
Net.httpRequestAsync('https://a.example/').then((r) => { throw 'a text: ' + r.code; });
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://a.example/; body = 0 bytes; ]
  http 1 GET https://a.example/
  log handled
  log Uncaught (in promise) Error: nobody handles this
  |     at <eval> (s:1:20)
  log Sent event to JS Application.Started
  log Uncaught (in promise) ReferenceError: undefinedFunction is not defined
  |     at <anonymous> (s:4:77)
at 100 http 1 200 ok
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log Uncaught (in promise) a text: 200
at 200 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
