# A forward is a whole scenario: forwardCallToUser.
--- scenario s
VoxEngine.forwardCallToUser((a, b) => Logger.write('established ' + b.number()), true);
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 sip alice bob [X-A: b] Alice A.
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = alice; destination = bob; displayName = Alice A.; fromURI = sip:alice@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log Video is not yet available in Cordboard: it has no effect
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = bob; callerid = alice; ]
  place 1 user bob by 'alice' called 'Alice A.'
  wire call 1099511627776 to 1
  wire call 1 to 1099511627776
at 2 call 1 connected Bob
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as 'Alice A.'
at 3 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log established bob
at 1004 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 2; internalCode = 200; reason = Normal call clearing; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from sip alice by 'bob' after 2 s: 200 Normal call clearing, successful
    call to user bob by 'alice' after 2 s: 200 Normal call clearing, successful
