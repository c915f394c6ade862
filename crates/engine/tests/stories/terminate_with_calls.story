# terminate leaves calls to the session's end, which writes them down; what happens to them while requests are waited for, scenarios do not hear.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  for (const name of ['Connected', 'Disconnected']) e.call.addEventListener(CallEvents[name], () => Logger.write(`${name} ${e.destination}`));
  e.call.answer();
  if (e.destination === 'last') { Net.httpRequest('https://a.example/', () => { Logger.write('answered'); e.call.hangup(); }); VoxEngine.terminate(); e.call.say('goodbye'); }
});
const player = VoxEngine.createTTSPlayer('x');
player.addEventListener(PlayerEvents.Stopped, () => Logger.write('stopped'));
VoxEngine.addEventListener(AppEvents.Terminating, () => Logger.write('terminating'));
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: VoxEngine.createTTSPlayer with params [id = 1; voice = ; ]
  play 1 speech 'x' by ''
  log Sent event to JS Application.Started
  -- 0: an event of the session's own
at 1 alerting 1099511627776 pstn 15550123 first
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = first; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:first@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Connected first
at 3 alerting 1099511627777 pstn 15550124 last
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = 15550124; destination = last; displayName = ; fromURI = sip:15550124@sip.example; toURI = sip:last@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627777 answer as ''
  log Executing JS command: HttpRequest with params [id = 2; method = GET; url = https://a.example/; body = 0 bytes; ]
  http 2 GET https://a.example/
  log Terminating request..., stack=
  |     at <anonymous> (s:4:138)
  log Executing JS command: Call.say with params [id = 8C79A1DC1476AB573216A4020764BDE5; voice = ; ]
  play 3 speech 'goodbye' by ''
  wire player 3 to 1099511627777
at 4 call 1099511627777 connected
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
at 5 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 1; internalCode = 200; reason = Normal call clearing; ]
at 3005 http 2 200 ok
  log Sent event to JS HttpRequestResult with params [id = 2; code = 200; ]
  log answered
  log Executing JS command: Hangup with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627777 hang up
  log Sent event to JS Application.Terminating
  log terminating
  stop 1
  stop 3
  log stopped
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from pstn 15550123 by 'first' after 1 s: 200 Normal call clearing, successful
    call from pstn 15550124 by 'last' after 4 s: 200 Normal call clearing, successful
