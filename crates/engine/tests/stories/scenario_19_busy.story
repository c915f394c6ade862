# Messages, INFO and headers between two legs (test scenario 19): the callee is busy.
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
at 1 alerting 1099511627776 user ann bob [X-Order: 17] Ann
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = ann; destination = bob; displayName = Ann; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log T19 order 17 sdk data
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = bob; callerid = ann; ]
  place 1 user bob by 'ann' called 'Ann'
    header X-Order: 17
at 2 call 1 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = 8C79A1DC1476AB573216A4020764BDE5; code = 486; reason = Busy Here; ]
  log Executing JS command: Reject with params [id = F400927857AAF64114F561BAACB37970; code = 486; ]
  call 1099511627776 reject 486
    header X-Why: Busy Here
  log Terminating request..., stack=
  |     at <anonymous> (s:14:101)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from user ann by 'bob' after 0 s: 486 Rejected, not successful, custom data order=17
    call to user bob by 'ann' after 0 s: 486 Busy Here, not successful
