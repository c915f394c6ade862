# Messages, INFO and headers between two legs (test scenario 19).
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const a = e.call, order = e.headers['X-Order'];
  Logger.write('T19 order ' + order + ' sdk data ' + e.customData);
  a.customData('order=' + order);
  const b = VoxEngine.callUser({ username: e.destination, callerid: e.callerid, displayName: e.displayName, extraHeaders: { 'X-Order': order } });

  const relay = (from, to) => {
    from.addEventListener(CallEvents.MessageReceived, (m) => { if (m.text === '/quit') from.hangup(); else to.sendMessage(m.text); });
    from.addEventListener(CallEvents.InfoReceived, (i) => { Logger.write('T19 info ' + i.mimeType); to.sendInfo(i.mimeType, i.body); });
    from.addEventListener(CallEvents.Disconnected, (d) => { Logger.write('T19 gone ' + JSON.stringify(d.headers)); VoxEngine.terminate(); });
  };
  relay(a, b);
  relay(b, a);
  b.addEventListener(CallEvents.Failed, (f) => { a.reject(f.code, { 'X-Why': f.reason }); VoxEngine.terminate(); });
  b.addEventListener(CallEvents.Connected, (c) => {
    Logger.write('T19 answered ' + JSON.stringify(c.headers));
    a.answer({ 'X-Agent': b.number() });
    VoxEngine.sendMediaBetween(a, b);
  });
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 user ann bob [X-Order: 17] [X-Order-Extra: a] [VI-CallData: from the client] Ann
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = ann; destination = bob; displayName = Ann; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log T19 order 17 sdk data from the client
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = bob; callerid = ann; ]
  place 1 user bob by 'ann' called 'Ann'
    header X-Order: 17
at 2 call 1099511627776 message too early
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Call.sendMessage has no effect: the call is PROGRESSING
at 100 call 1 ringing
  log Sent event to JS Call.Ringing with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
at 200 call 1 connected [X-Agent-Id: 9] Bob
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log T19 answered {"X-Agent-Id":"9"}
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
    header X-Agent: bob
  wire call 1099511627776 to 1
  wire call 1 to 1099511627776
at 210 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
at 300 call 1099511627776 message hello
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: SendMessage with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1 message hello
at 310 call 1 message hi there
  log Sent event to JS Call.MessageReceived with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  log Executing JS command: SendMessage with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 message hi there
at 400 call 1099511627776 info application/json [X-A: b] {"a":1}
  log Sent event to JS Call.InfoReceived with params [id = F400927857AAF64114F561BAACB37970; mimeType = application/json; ]
  log T19 info application/json
  log Executing JS command: SendInfo with params [id = 8C79A1DC1476AB573216A4020764BDE5; mimeType = application/json; ]
  call 1 info application/json {"a":1}
at 500 call 1099511627776 message /quit
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 510 call 1099511627776 disconnected 200 [Reason: SIP;cause=200;text="done"] Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 1; internalCode = 200; reason = Normal call clearing; ]
  log T19 gone {"Reason":"SIP;cause=200;text=\"done\""}
  log Terminating request..., stack=
  |     at <anonymous> (s:10:126)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from user ann by 'bob' after 1 s: 200 Normal call clearing, successful, custom data order=17
    call to user bob by 'ann' after 1 s: 200 Normal call clearing, successful
