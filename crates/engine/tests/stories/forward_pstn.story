# A forward is a whole scenario: forwardCallToPSTN.
--- scenario s
VoxEngine.forwardCallToPSTN((number) => '1' + number, (a, b) => Logger.write('established ' + b.number()), { callerid: '15550100' });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 sip alice bob [X-A: b] Alice A.
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = alice; destination = bob; displayName = Alice A.; fromURI = sip:alice@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = pstn; number = 1bob; callerid = 15550100; ]
  place 1 pstn 1bob by '15550100' called ''
  wire call 1099511627776 to 1
  wire call 1 to 1099511627776
at 2 call 1 connected Bob
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 3 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log established 1bob
at 1004 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 2; internalCode = 200; reason = Normal call clearing; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from sip alice by 'bob' after 2 s: 200 Normal call clearing, successful
    call to pstn 1bob by '15550100' after 2 s: 200 Normal call clearing, successful
