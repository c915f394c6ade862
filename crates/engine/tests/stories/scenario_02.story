# A bridge with easyProcess: ringing and early media go to the caller, who is answered after the callee (test scenario 02, A).
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
at 1 alerting 1099511627776 sip alice 15550123 Alice
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = alice; destination = 15550123; displayName = Alice; fromURI = sip:alice@sip.example; toURI = sip:15550123@shop.acme.cordboard; ]
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = pstn; number = 15550123; callerid = alice; ]
  place 1 pstn 15550123 by 'alice' called ''
  wire call 1099511627776 to 1
  wire call 1 to 1099511627776
at 100 call 1 ringing
  log Sent event to JS Call.Ringing with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  log T02 ringing
  log Executing JS command: Ring with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 ring
at 200 call 1 audio 183 [X-Early: yes]
  log Sent event to JS Call.AudioStarted with params [id = 8C79A1DC1476AB573216A4020764BDE5; code = 183; sipTransport = udp; ]
  log T02 early audio
  log Executing JS command: StartEarlyMedia with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 early media
at 300 call 1 packet
  log Sent event to JS Call.FirstAudioPacketReceived with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
at 1000 call 1 connected [X-Agent: 7] Bob
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
    header X-Agent: 7
at 1010 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log T02 bridged true false sip/pstn
at 2000 call 1099511627776 message hello
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: SendMessage with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1 message hello
at 2100 call 1 info application/json [X-A: b] {"a":1}
  log Sent event to JS Call.InfoReceived with params [id = 8C79A1DC1476AB573216A4020764BDE5; mimeType = application/json; ]
  log Executing JS command: SendInfo with params [id = F400927857AAF64114F561BAACB37970; mimeType = application/json; ]
  call 1099511627776 info application/json {"a":1}
    header X-A: b
at 2200 call 1099511627776 re-invite application/sdp v=0
  log Sent event to JS Call.ReInviteReceived with params [id = F400927857AAF64114F561BAACB37970; mimeType = application/sdp; ]
  log Call.reInvite is not yet available in Cordboard: it has no effect
at 2300 call 1 message hi
  log Sent event to JS Call.MessageReceived with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  log Executing JS command: SendMessage with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 message hi
at 63010 call 1 disconnected 16 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = 8C79A1DC1476AB573216A4020764BDE5; duration = 63; internalCode = 16; reason = Normal call clearing; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from sip alice by '15550123' after 62 s: 200 Normal call clearing, successful
    call to pstn 15550123 by 'alice' after 63 s: 200 Normal call clearing, successful
