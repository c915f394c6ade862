# A constant that exists in no version is no event: it is a line of the log where it is written, once for each place, and ends nothing.
--- scenario s
VoxEngine.addEventListener(({}).Startd, () => {});
VoxEngine.addEventListener(7, () => {});
const player = VoxEngine.createTTSPlayer('x');
player.addEventListener(PlayerEvents.PlaybackError, () => {});
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  e.call.addEventListener(CallEvents.MachineDetected, () => { Logger.write('never'); });
  e.call.removeEventListener(CallEvents.MachineDetected);
  e.call.addEventListener(CallEvents.AudioIdentificationResult, () => { Logger.write('known, and does not come'); });
  e.call.answer();
});
--- transcript
at 0 start
  log Loading scenario s
  log addEventListener has no effect: the event must be a name such as AppEvents.Started, not undefined. Is the constant misspelled?
  |     at <eval> (s:1:10)
  log addEventListener has no effect: the event must be a name such as AppEvents.Started, not a number. Is the constant misspelled?
  |     at <eval> (s:2:11)
  log Executing JS command: VoxEngine.createTTSPlayer with params [id = 1; voice = ; ]
  play 1 speech 'x' by ''
  log addEventListener has no effect: the event must be a name such as AppEvents.Started, not undefined. Is the constant misspelled?
  |     at <eval> (s:4:25)
  log Sent event to JS Application.Started
  -- 0: an event of the session's own
at 1 alerting 1099511627776 user ann bob
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = ann; destination = bob; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log addEventListener has no effect: the event must be a name such as AppEvents.Started, not undefined. Is the constant misspelled?
  |     at <anonymous> (s:6:27)
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 2 alerting 1099511627777 user ann bob
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = ann; destination = bob; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627777 answer as ''
at 3 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
at 4 stop Terminated administratively
  log Sent event to JS Application.Terminating
  stop 1
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from user ann by 'bob' after 1 s: 200 Normal call clearing, successful
    call from user ann by 'bob' after 0 s: 603 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
