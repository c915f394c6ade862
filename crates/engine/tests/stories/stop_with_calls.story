# Calls that were not answered when their session was ended say so; of those that talked there is nothing to explain.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => { if (e.destination === 'first') e.call.answer(); });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 first
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = first; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:first@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
at 3 alerting 1099511627777 pstn 15550124 last
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = 15550124; destination = last; displayName = ; fromURI = sip:15550124@sip.example; toURI = sip:last@shop.acme.cordboard; ]
at 1004 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from pstn 15550123 by 'first' after 2 s: 200 Normal call clearing, successful
    call from pstn 15550124 by 'last' after 0 s: 603 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
