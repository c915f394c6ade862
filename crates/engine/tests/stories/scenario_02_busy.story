# A bridge whose callee is busy: the caller is released without an answer (test scenario 02, B).
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const out = VoxEngine.callPSTN(e.destination, e.callerid);
  out.addEventListener(CallEvents.Failed, (ev) => {
    Logger.write(`T02 failed ${ev.code} ${ev.reason}`);
  });
  out.addEventListener(CallEvents.Ringing, () => Logger.write('T02 ringing'));
  out.addEventListener(CallEvents.AudioStarted, () => Logger.write('T02 early audio'));
  VoxEngine.easyProcess(e.call, out, (a, b) => {
    Logger.write(`T02 bridged ${a.incoming()} ${b.incoming()} ${a.clientType()}/${b.clientType()}`);
  });
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 sip alice 15550123
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = alice; destination = 15550123; displayName = ; fromURI = sip:alice@sip.example; toURI = sip:15550123@shop.acme.cordboard; ]
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = pstn; number = 15550123; callerid = alice; ]
  place 1 pstn 15550123 by 'alice' called ''
  wire call 1099511627776 to 1
  wire call 1 to 1099511627776
at 100 call 1 ringing
  log Sent event to JS Call.Ringing with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  log T02 ringing
  log Executing JS command: Ring with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 ring
at 500 call 1 failed 486 [X-Why: lunch] Busy Here
  log Sent event to JS Call.Failed with params [id = 8C79A1DC1476AB573216A4020764BDE5; code = 486; reason = Busy Here; ]
  log T02 failed 486 Busy Here
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from sip alice by '15550123' after 0 s: 603 The session ended, not successful
      The session ended before the call was answered: Normal termination.
    call to pstn 15550123 by 'alice' after 0 s: 486 Busy Here, not successful
