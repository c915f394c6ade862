# A call is bridged to a server over a WebSocket, without sound (test scenario 12).
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const call = e.call;
  let ws;
  call.addEventListener(CallEvents.Connected, () => {
    ws = VoxEngine.createWebSocket('ws://127.0.0.1:8098/agent', { headers: [{ name: 'X-Token', value: 'abc' }] });
    ws.addEventListener(WebSocketEvents.OPEN, () => {
      Logger.write('T12 open ' + ws.readyState + ' ' + ws.url);
      ws.send(JSON.stringify({ hello: call.callerid() }));
      call.sendMediaTo(ws, { encoding: WebSocketAudioEncoding.ULAW, tag: 'caller', customParameters: { lang: 'en' } });
      ws.sendMediaTo(call);
    });
    ws.addEventListener(WebSocketEvents.MESSAGE, (m) => {
      const msg = JSON.parse(m.text);
      Logger.write('T12 message ' + msg.cmd);
      if (msg.cmd === 'say') call.say(msg.text, Language.US_ENGLISH_FEMALE);
      if (msg.cmd === 'bye') call.hangup();
    });
    ws.addEventListener(WebSocketEvents.ERROR, () => Logger.write('T12 error'));
    ws.addEventListener(WebSocketEvents.CLOSE, (c) => { Logger.write(`T12 closed ${c.code} ${c.wasClean}`); call.hangup(); });
  });
  call.addEventListener(CallEvents.Disconnected, () => { if (ws) ws.close(); VoxEngine.terminate(); });
  call.answer();
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 5 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  connect 1 ws://127.0.0.1:8098/agent protocols chat
    header X-Token: abc
at 10 opened 1
  log T12 open open ws://127.0.0.1:8098/agent
  send 1 text {"hello":"15550123"}
  log Sound over a WebSocket is not yet available in Cordboard: it has no effect
at 20 message 1 {"cmd":"say","text":"hi"}
  log T12 message say
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = US_ENGLISH_FEMALE; ]
  play 2 speech 'hi' by 'US_ENGLISH_FEMALE'
  wire player 2 to 1099511627776
at 25 player 2 finished
at 30 message 1 {"cmd":"bye"}
  log T12 message bye
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 40 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 1; internalCode = 200; reason = Normal call clearing; ]
  close 1 1000
  log Terminating request..., stack=
  |     at <anonymous> (s:21:88)
  close 1 1000 the session has ended
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from pstn 15550123 by '15550100' after 1 s: 200 Normal call clearing, successful
