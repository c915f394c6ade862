# Calls that a script's error ended say so in the history, answered or not; one that the scenario hung up before does not.
--- scenario greeting
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  if (e.destination === 'hung') { e.call.hangup(); return; }
  if (e.destination === 'unanswered') return;
  e.call.answer();
  VoxEngine.callPSTN('15550199', '15550100');
  e.call.addEventListener(CallEvents.Connected, () => { e.call.anwser(); });
});
--- transcript
at 0 start
  log Loading scenario greeting
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 user ann hung
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = ann; destination = hung; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:hung@shop.acme.cordboard; ]
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 2 alerting 1099511627777 user ben unanswered
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = ben; destination = unanswered; displayName = ; fromURI = sip:ben@sip.example; toURI = sip:unanswered@shop.acme.cordboard; ]
at 3 alerting 1099511627778 pstn 15550123 shop
  log Sent event to JS Application.CallAlerting with params [id = 45C143DBB9609C22AB855D60925A9976; callerid = 15550123; destination = shop; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:shop@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = 45C143DBB9609C22AB855D60925A9976; ]
  call 1099511627778 answer as ''
  log Executing JS command: Call with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; type = pstn; number = 15550199; callerid = 15550100; ]
  place 1 pstn 15550199 by '15550100' called ''
at 2004 call 1099511627778 connected
  log Sent event to JS Call.Connected with params [id = 45C143DBB9609C22AB855D60925A9976; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Uncaught TypeError: not a function
  |     at <anonymous> (greeting:6:64)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: TypeError: not a function (greeting:6:64).
    call from user ann by 'hung' after 0 s: 603 Decline, not successful
    call from user ben by 'unanswered' after 0 s: 603 The session ended, not successful
      The scenario stopped: TypeError: not a function (greeting:6:64).
    call from pstn 15550123 by 'shop' after 0 s: 200 Normal call clearing, successful
      The scenario stopped: TypeError: not a function (greeting:6:64).
    call to pstn 15550199 by '15550100' after 0 s: 487 The session ended, not successful
      The scenario stopped: TypeError: not a function (greeting:6:64).
