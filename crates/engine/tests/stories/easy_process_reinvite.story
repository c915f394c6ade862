# easyProcess hands re-INVITEs on, but for legs of the public network; only JSON is accepted there.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const b = e.destination === 'pstn' ? VoxEngine.callPSTN('15550101', '15550100') : VoxEngine.callUser('bob', 'ann');
  VoxEngine.easyProcess(e.call, b, (a, b) => Logger.write(`established ${a.state()} ${b.state()}`));
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 user ann bob
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = ann; destination = bob; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = bob; callerid = ann; ]
  place 1 user bob by 'ann' called ''
  wire call 1099511627776 to 1
  wire call 1 to 1099511627776
at 2 call 1 connected Bob
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 3 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log established CONNECTED CONNECTED
at 4 call 1099511627776 re-invite application/sdp [X-A: b] v=0
  log Sent event to JS Call.ReInviteReceived with params [id = F400927857AAF64114F561BAACB37970; mimeType = application/sdp; ]
  log Call.reInvite is not yet available in Cordboard: it has no effect
at 5 call 1 re-invite-accepted application/sdp [X-B: c] v=1
  log Sent event to JS Call.ReInviteAccepted with params [id = 8C79A1DC1476AB573216A4020764BDE5; mimeType = application/sdp; ]
  log Call.acceptReInvite is not yet available in Cordboard: it has no effect
at 6 call 1 re-invite application/json {}
  log Sent event to JS Call.ReInviteReceived with params [id = 8C79A1DC1476AB573216A4020764BDE5; mimeType = application/json; ]
at 7 call 1099511627776 re-invite-rejected 491 [X-C: d]
  log Sent event to JS Call.ReInviteRejected with params [id = F400927857AAF64114F561BAACB37970; code = 491; ]
  log Call.rejectReInvite is not yet available in Cordboard: it has no effect
at 8 call 1099511627776 re-invite-accepted application/sdp v=2
  log Sent event to JS Call.ReInviteAccepted with params [id = F400927857AAF64114F561BAACB37970; mimeType = application/sdp; ]
at 10 alerting 1099511627777 user ann pstn
  log Sent event to JS Application.CallAlerting with params [id = 45C143DBB9609C22AB855D60925A9976; callerid = ann; destination = pstn; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:pstn@shop.acme.cordboard; ]
  log Executing JS command: Call with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; type = pstn; number = 15550101; callerid = 15550100; ]
  place 2 pstn 15550101 by '15550100' called ''
  wire call 1099511627777 to 2
  wire call 2 to 1099511627777
at 11 call 2 connected
  log Sent event to JS Call.Connected with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: Answer with params [id = 45C143DBB9609C22AB855D60925A9976; ]
  call 1099511627777 answer as ''
at 12 call 1099511627777 connected
  log Sent event to JS Call.Connected with params [id = 45C143DBB9609C22AB855D60925A9976; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log established CONNECTED CONNECTED
at 13 call 2 re-invite application/json {}
  log Sent event to JS Call.ReInviteReceived with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; mimeType = application/json; ]
at 14 call 2 re-invite application/sdp v=3
  log Sent event to JS Call.ReInviteReceived with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; mimeType = application/sdp; ]
at 15 call 1099511627777 re-invite application/sdp v=4
  log Sent event to JS Call.ReInviteReceived with params [id = 45C143DBB9609C22AB855D60925A9976; mimeType = application/sdp; ]
at 16 call 2 re-invite-accepted application/sdp v=5
  log Sent event to JS Call.ReInviteAccepted with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; mimeType = application/sdp; ]
at 17 call 1099511627777 re-invite-accepted application/sdp v=5
  log Sent event to JS Call.ReInviteAccepted with params [id = 45C143DBB9609C22AB855D60925A9976; mimeType = application/sdp; ]
at 100 call 2 disconnected 16 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; duration = 1; internalCode = 16; reason = Normal call clearing; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from user ann by 'bob' after 1 s: 200 Normal call clearing, successful
    call to user bob by 'ann' after 1 s: 200 Normal call clearing, successful
    call from user ann by 'pstn' after 1 s: 200 Normal call clearing, successful
    call to pstn 15550101 by '15550100' after 1 s: 200 Normal call clearing, successful
