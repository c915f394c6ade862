# The token of the control URL stands in no line of the log.
--- scenario s
VoxEngine.addEventListener('Application.Started', (e) => {
  Logger.write(e.accessURL);
  console.log(e, [e.accessSecureURL]);
  Net.httpRequest(e.accessSecureURL, () => {});
  VoxEngine.customData(e.accessURL);
  throw new Error('at ' + e.accessURL);
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log http://box:8080/request/4711/***
  log {"accessSecureURL":"https://box:8443/request/4711/***","accessURL":"http://box:8080/request/4711/***","accountId":12,"applicationId":34,"dialplanId":56,"dialplanName":"orders","domainName":"shop.acme.cordboard","logURL":"https://box:8443/logs/4711","sessionId":4711,"userId":-1} ["https://box:8443/request/4711/***"]
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://box:8443/request/4711/***; body = 0 bytes; ]
  http 1 GET https://box:8443/request/4711/t0ken0123456789
  log Uncaught Error: at http://box:8080/request/4711/***
  |     at <anonymous> (s:6:27)
at 10 http 1 200 ok
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    custom data http://box:8080/request/4711/t0ken0123456789
    The scenario stopped: Error: at http://box:8080/request/4711/*** (s:6:27).
