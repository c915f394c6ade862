# A message brings its own headers.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  e.call.addEventListener(CallEvents.MessageReceived, (m) => Logger.write(m.text + JSON.stringify(m.headers)));
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 user ann bob
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = ann; destination = bob; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
at 2 call 1099511627776 message [X-Order: 17] [X-Trace: a] hello
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log hello{"X-Order":"17","X-Trace":"a"}
at 3 call 1099511627776 message bare
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log bare{}
