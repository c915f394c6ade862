# A web service decides: it wants the call answered (test scenario 06).
--- scenario s
const MOCK = 'http://127.0.0.1:8099';

VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  e.call.addEventListener(CallEvents.Connected, () => e.call.hangup());
  e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);

  Net.httpRequest(MOCK + '/route', (r) => {
    const type = (r.headers || []).filter((h) => h.key.toLowerCase() === 'content-type').map((h) => h.value)[0];
    Logger.write(`T06 ${r.code} ${type} ${r.text}`);
    if (r.code !== 200) { e.call.reject(503); return; }
    const answer = JSON.parse(r.text);
    if (answer.action === 'answer') e.call.answer(); else e.call.reject(answer.code);
  }, { headers: ['X-Test: 06', 'Accept: application/json'], params: { did: e.destination, from: e.callerid } });

  Net.httpRequest('http://no-such-host.invalid/', (r) => Logger.write(`T06 unknown host ${r.code} ${r.error}`));
  Net.httpRequest('http://127.0.0.1:1/', (r) => Logger.write(`T06 closed port ${r.code} ${r.error}`), { connectionTimeout: 2 });
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = http://127.0.0.1:8099/route; body = 0 bytes; ]
  http 1 GET http://127.0.0.1:8099/route
    header X-Test: 06
    header Accept: application/json
    param did: 15550100
    param from: 15550123
  log Executing JS command: HttpRequest with params [id = 2; method = GET; url = http://no-such-host.invalid/; body = 0 bytes; ]
  http 2 GET http://no-such-host.invalid/
  log Executing JS command: HttpRequest with params [id = 3; method = GET; url = http://127.0.0.1:1/; body = 0 bytes; ]
  http 3 GET http://127.0.0.1:1/
    within 90000 ms, connected within 2000 ms
at 20 http 2 failed -3 no such host
  log Sent event to JS HttpRequestResult with params [id = 2; code = -3; ]
  log T06 unknown host -3 no such host
at 21 http 3 failed -4 refused
  log Sent event to JS HttpRequestResult with params [id = 3; code = -4; ]
  log T06 closed port -4 refused
at 30 http 1 200 [Content-Type: application/json] {"action":"answer"}
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log T06 200 application/json {"action":"answer"}
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 40 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 50 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 1; internalCode = 200; reason = Normal call clearing; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from pstn 15550123 by '15550100' after 1 s: 200 Normal call clearing, successful
