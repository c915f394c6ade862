# Logger.hideTones keeps digits out of the log.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => { e.call.answer(); e.call.handleTones(true); e.call.addEventListener(CallEvents.Connected, () => { e.call.sendDigits('12'); Logger.hideTones(true); e.call.sendDigits('34'); }); });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: SendDigits with params [id = F400927857AAF64114F561BAACB37970; digits = 12; ]
  call 1099511627776 digits 12
  log Executing JS command: SendDigits with params [id = F400927857AAF64114F561BAACB37970; digits = hidden; ]
  call 1099511627776 digits 34
at 3 call 1099511627776 tone 9 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = hidden; type = 1; ]
at 4 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from pstn 15550123 by '15550100' after 1 s: 200 Normal call clearing, successful
