# An inbound call is answered, hears speech and is hung up (test scenario 01).
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, function (e) {
  var call = e.call;
  Logger.write('T01 alerting ' + e.callerid + ' -> ' + e.destination);
  call.addEventListener(CallEvents.Connected, function () {
    Logger.write('T01 connected state=' + call.state());
    call.say('Hello. You have reached the test line. Goodbye.', Language.US_ENGLISH_FEMALE);
  });
  call.addEventListener(CallEvents.PlaybackFinished, function (ev) {
    Logger.write('T01 playback finished error=' + ev.error);
    call.hangup();
  });
  call.addEventListener(CallEvents.Disconnected, function (ev) {
    Logger.write('T01 disconnected ' + ev.duration + 's reason=' + ev.reason);
  });
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.answer();
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn +15550123 15550100 [X-Order: 17] Ann
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = +15550123; destination = 15550100; displayName = Ann; fromURI = sip:+15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log T01 alerting +15550123 -> 15550100
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 5 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log T01 connected state=CONNECTED
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = US_ENGLISH_FEMALE; ]
  play 1 speech 'Hello. You have reached the test line. Goodbye.' by 'US_ENGLISH_FEMALE'
  wire player 1 to 1099511627776
at 6 player 1 ready 0
at 10 player 1 started 0
at 4000 player 1 finished
  log T01 playback finished error=undefined
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 4123 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 5; internalCode = 200; reason = Normal call clearing; ]
  log T01 disconnected 5s reason=Normal call clearing
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from pstn +15550123 by '15550100' after 5 s: 200 Normal call clearing, successful
at 70000 run
