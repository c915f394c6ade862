# A rejected call, one whose caller gives up, and one beside a session that ends.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  e.call.addEventListener(CallEvents.Disconnected, (d) => Logger.write(`${d.internalCode} ${d.reason} ${d.duration} ${JSON.stringify(d.headers)}`));
  if (e.destination === 'reject') e.call.reject(603, { 'X-Why': 'no' });
  if (e.destination === 'decline') e.call.decline(486);
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 reject
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = reject; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:reject@shop.acme.cordboard; ]
  log Executing JS command: Reject with params [id = F400927857AAF64114F561BAACB37970; code = 603; ]
  call 1099511627776 reject 603
    header X-Why: no
at 2 call 1099511627776 disconnected 21 Decline
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 0; internalCode = 21; reason = Decline; ]
  log 21 Decline 0 {"Reason":"Q.850;cause=21;text=\"Decline\""}
at 3 alerting 1099511627777 sip ann decline
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = ann; destination = decline; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:decline@shop.acme.cordboard; ]
  log Executing JS command: Decline with params [id = 8C79A1DC1476AB573216A4020764BDE5; code = 486; ]
  call 1099511627777 reject 486
at 4 call 1099511627777 disconnected 486 Busy Here
  log Sent event to JS Call.Disconnected with params [id = 8C79A1DC1476AB573216A4020764BDE5; duration = 0; internalCode = 486; reason = Busy Here; ]
  log 486 Busy Here 0 {"Reason":"SIP;cause=486;text=\"Busy Here\""}
at 5 alerting 1099511627778 sip ann wait
  log Sent event to JS Application.CallAlerting with params [id = 45C143DBB9609C22AB855D60925A9976; callerid = ann; destination = wait; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:wait@shop.acme.cordboard; ]
at 6 call 1099511627778 disconnected 487 Request Terminated
  log Sent event to JS Call.Disconnected with params [id = 45C143DBB9609C22AB855D60925A9976; duration = 0; internalCode = 487; reason = Request Terminated; ]
  log 487 Request Terminated 0 {"Reason":"SIP;cause=487;text=\"Request Terminated\""}
at 7 alerting 1099511627779 sip ann wait
  log Sent event to JS Application.CallAlerting with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; callerid = ann; destination = wait; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:wait@shop.acme.cordboard; ]
at 7 alerting 1099511627779 sip ann again
at 100000 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from pstn 15550123 by 'reject' after 0 s: 603 Decline, not successful
    call from sip ann by 'decline' after 0 s: 486 Busy Here, not successful
    call from sip ann by 'wait' after 0 s: 487 Request Terminated, not successful
    call from sip ann by 'wait' after 0 s: 603 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
at 100001 alerting 1099511627780 sip ann late
  call 1099511627780 reject 480
