# followDiversion is not built, which the log says once, of callPSTN and of its forward alike.
--- scenario s
VoxEngine.forwardCallToPSTN(null, null, { callerid: '15550100', followDiversion: true });
VoxEngine.addEventListener(AppEvents.HttpRequest, () => { VoxEngine.callPSTN('15550102', '15550100', { followDiversion: false }); VoxEngine.callPSTN('15550102', '15550100', { followDiversion: true }); });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550101
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550101; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550101@shop.acme.cordboard; ]
  log Following diversions (followDiversion) is not yet available in Cordboard: it has no effect
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = pstn; number = 15550101; callerid = 15550100; ]
  place 1 pstn 15550101 by '15550100' called ''
  wire call 1099511627776 to 1
  wire call 1 to 1099511627776
at 2 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  log Executing JS command: Call with params [id = 45C143DBB9609C22AB855D60925A9976; type = pstn; number = 15550102; callerid = 15550100; ]
  place 2 pstn 15550102 by '15550100' called ''
  log Executing JS command: Call with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; type = pstn; number = 15550102; callerid = 15550100; ]
  place 3 pstn 15550102 by '15550100' called ''
  answer 1 200 empty
at 3 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from pstn 15550123 by '15550101' after 0 s: 603 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 15550101 by '15550100' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 15550102 by '15550100' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to pstn 15550102 by '15550100' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
