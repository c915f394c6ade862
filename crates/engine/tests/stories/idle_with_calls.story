# The time without calls does not pass while there is one, and begins anew when the last is over.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => e.call.answer());
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 59000 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 59001 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
at 500000 run
at 600000 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 541; internalCode = 200; reason = Normal call clearing; ]
at 659999 run
  -- 660000: no call
  log The session had no call for 60 s
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Timeout
  log Session terminated
  ended Timeout
    call from pstn 15550123 by '15550100' after 541 s: 200 Normal call clearing, successful
at 660000 run
