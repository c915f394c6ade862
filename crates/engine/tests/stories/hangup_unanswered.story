# An incoming call that is hung up without an answer was declined: the event and the history say what the caller heard.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  e.call.addEventListener(CallEvents.Disconnected, (d) => Logger.write(`${d.internalCode} ${d.reason} ${d.duration} ${JSON.stringify(d.headers)}`));
  e.call.hangup();
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 cleared
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = cleared; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:cleared@shop.acme.cordboard; ]
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 2 call 1099511627776 disconnected 16 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 0; internalCode = 603; reason = Decline; ]
  log 603 Decline 0 {"Reason":"SIP;cause=603;text=\"Decline\""}
at 3 alerting 1099511627777 user ann declined
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = ann; destination = declined; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:declined@shop.acme.cordboard; ]
  log Executing JS command: Hangup with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627777 hang up
at 4 call 1099511627777 disconnected 603 Decline
  log Sent event to JS Call.Disconnected with params [id = 8C79A1DC1476AB573216A4020764BDE5; duration = 0; internalCode = 603; reason = Decline; ]
  log 603 Decline 0 {"Reason":"SIP;cause=603;text=\"Decline\""}
at 5 alerting 1099511627778 user ann gave-up
  log Sent event to JS Application.CallAlerting with params [id = 45C143DBB9609C22AB855D60925A9976; callerid = ann; destination = gave-up; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:gave-up@shop.acme.cordboard; ]
  log Executing JS command: Hangup with params [id = 45C143DBB9609C22AB855D60925A9976; ]
  call 1099511627778 hang up
at 6 call 1099511627778 disconnected 487 Request Terminated
  log Sent event to JS Call.Disconnected with params [id = 45C143DBB9609C22AB855D60925A9976; duration = 0; internalCode = 487; reason = Request Terminated; ]
  log 487 Request Terminated 0 {"Reason":"SIP;cause=487;text=\"Request Terminated\""}
at 7 alerting 1099511627779 user ann session-ends
  log Sent event to JS Application.CallAlerting with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; callerid = ann; destination = session-ends; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:session-ends@shop.acme.cordboard; ]
  log Executing JS command: Hangup with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; ]
  call 1099511627779 hang up
at 8 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from pstn 15550123 by 'cleared' after 0 s: 603 Decline, not successful
    call from user ann by 'declined' after 0 s: 603 Decline, not successful
    call from user ann by 'gave-up' after 0 s: 487 Request Terminated, not successful
    call from user ann by 'session-ends' after 0 s: 603 Decline, not successful
