# A call that comes in while a request of a scenario that stopped is waited for is refused, and the history says why.
--- scenario s
Net.httpRequest('https://a.example/', () => {});
VoxEngine.addEventListener(AppEvents.CallAlerting, () => Logger.write('never'));
throw new Error('no configuration.');
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://a.example/; body = 0 bytes; ]
  http 1 GET https://a.example/
  log Uncaught Error: no configuration.
  |     at <eval> (s:3:11)
at 1 alerting 1099511627776 pstn 15550123 15550100
  call 1099511627776 reject 480
at 200 http 1 200 ok
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: Error: no configuration. (s:3:11).
    call from pstn 15550123 by '15550100' after 0 s: 480 The session ended, not successful
      The scenario stopped: Error: no configuration. (s:3:11).
