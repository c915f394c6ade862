# What comes at the wrong moment is a line of the log and no error; wrong arguments are errors.
--- scenario s
const attempt = (name, make) => { try { make(); } catch (error) { Logger.write(`${name}: ${error}`); } };
let out;
VoxEngine.addEventListener(AppEvents.Started, () => { out = VoxEngine.callPSTN('15550101', '15550100'); out.answer(); out.ring(); out.reject(486); out.say('early'); out.sendDigits('1'); out.sendMessage('x'); out.acceptReInvite({}, '', ''); });
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const call = e.call;
  call.say('too early');
  attempt('voice', () => call.say('x', 5n));
  attempt('unit', () => call.sendMediaTo({}));
  attempt('unit', () => VoxEngine.sendMediaBetween(call));
  attempt('message', () => call.sendMessage('x'.repeat(9000)));
  attempt('headers', () => call.hangup(5));
  for (const name of ['record', 'transferTo', 'notifyBlindTransferSuccess', 'notifyBlindTransferFailed', 'enableBeepDetection', 'monitorMediaStatistics', 'answerDirect']) attempt(name, () => call[name]({}));
  call.handleMicStatus(true); call.handleBlindTransfer(true); call.handleMicStatus(true); call.handleTones(true, DTMFType.IN_BAND);
  call.answer(); call.answer(); call.ring(); call.say('now or as soon as it is answered');
  call.addEventListener(CallEvents.Connected, () => { call.answer(); call.reject(486); call.rejectReInvite(); call.hangup({ 'X-Bye': 'bye' }); call.hangup(); call.say('late'); call.sendDigits('1'); });
  call.addEventListener(CallEvents.Disconnected, () => { call.hangup(); call.say('over'); call.sendMessage('over'); call.startPlayback('http://a.example/'); call.sendMediaTo(out); out.sendMediaTo(call); call.stopPlayback(); call.stopMediaTo(out); call.handleTones(false); out.hangup(); });
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = 15550101; callerid = 15550100; ]
  place 1 pstn 15550101 by '15550100' called ''
  log CallId=F400927857AAF64114F561BAACB37970: Call.answer has no effect: the call is PROGRESSING, not an incoming one without answer
  log CallId=F400927857AAF64114F561BAACB37970: Call.ring has no effect: the call is PROGRESSING, not an incoming one without answer
  log CallId=F400927857AAF64114F561BAACB37970: Call.reject has no effect: the call is PROGRESSING, not an incoming one without answer
  log CallId=F400927857AAF64114F561BAACB37970: Call.say has no effect: the call is PROGRESSING and has no early media
  log CallId=F400927857AAF64114F561BAACB37970: Call.sendDigits has no effect: the call is PROGRESSING
  log CallId=F400927857AAF64114F561BAACB37970: Call.sendMessage has no effect: the call is PROGRESSING
  log Call.acceptReInvite is not yet available in Cordboard: it has no effect
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Call.say has no effect: the call is ALERTING and has no early media
  log voice: TypeError: voice must be a string, not a bigint
  log unit: TypeError: Call.sendMediaTo takes a media unit such as a Call or a Player, not object
  log unit: TypeError: VoxEngine.sendMediaBetween takes a media unit such as a Call or a Player, not undefined
  log message: Error: a message may have 8192 bytes
  log headers: TypeError: headers must be an object or a list, not a number
  log record: Error: Call.record is not yet available in Cordboard
  log transferTo: Error: Call.transferTo is not yet available in Cordboard
  log notifyBlindTransferSuccess: Error: Call.notifyBlindTransferSuccess is not yet available in Cordboard
  log notifyBlindTransferFailed: Error: Call.notifyBlindTransferFailed is not yet available in Cordboard
  log enableBeepDetection: Error: Call.enableBeepDetection is not yet available in Cordboard
  log monitorMediaStatistics: Error: Call.monitorMediaStatistics is not yet available in Cordboard
  log answerDirect: Error: Call.answerDirect is not yet available in Cordboard
  log Call.handleMicStatus is not yet available in Cordboard: it has no effect
  log Call.handleBlindTransfer is not yet available in Cordboard: it has no effect
  log Finding tones in the sound of a call (DTMFType.IN_BAND) is not yet available in Cordboard: it has no effect
  log Executing JS command: HandleTones with params [id = 8C79A1DC1476AB573216A4020764BDE5; telephoneEvent = false; info = false; ]
  call 1099511627776 tones telephone-event false info false
  log Executing JS command: Answer with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627776 answer as ''
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Call.answer has no effect: the call is being answered
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Call.ring has no effect: the call is being answered
  log Executing JS command: Call.say with params [id = 8C79A1DC1476AB573216A4020764BDE5; voice = ; ]
  play 2 speech 'now or as soon as it is answered' by ''
  wire player 2 to 1099511627776
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Call.answer has no effect: the call is CONNECTED, not an incoming one without answer
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Call.reject has no effect: the call is CONNECTED, not an incoming one without answer
  log Call.rejectReInvite is not yet available in Cordboard: it has no effect
  log Executing JS command: Hangup with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627776 hang up
    header X-Bye: bye
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Call.say has no effect: the call is being hung up
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Call.sendDigits has no effect: the call is being hung up
at 900 call 1099511627776 disconnected 16 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = 8C79A1DC1476AB573216A4020764BDE5; duration = 1; internalCode = 16; reason = Normal call clearing; ]
  stop 2
  log Call.say has no effect: the call is TERMINATED
  log Call.sendMessage has no effect: the call is TERMINATED
  log Call.startPlayback has no effect: the call is TERMINATED
  log Call.sendMediaTo has no effect: what should be heard is over
  log Call.sendMediaTo has no effect: the call that should hear is TERMINATED
  log Call.stopMediaTo has no effect: what should be heard is over
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1 hang up
at 1000 call 1 failed 487 Request Terminated
  log Sent event to JS Call.Failed with params [id = F400927857AAF64114F561BAACB37970; code = 487; reason = Request Terminated; ]
at 1001 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call to pstn 15550101 by '15550100' after 0 s: 487 Request Terminated, not successful
    call from pstn 15550123 by '15550100' after 1 s: 200 Normal call clearing, successful
