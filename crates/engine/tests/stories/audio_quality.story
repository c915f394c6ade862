# Who listens hears of the sound's quality after Connected, in a turn of its own; nobody else is told, and no call that is over or ends.
--- scenario s
const listen = (call) => call.addEventListener(CallEvents.AudioQualityDetected, (e) => { Logger.write(`${e.name} ${e.quality} ${e.quality === CallAudioQuality.STANDARD} ${e.id === call.id()} ${e.call === call}`); });
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  e.call.answer();
  if (e.destination === 'listens') listen(e.call);
  e.call.addEventListener(CallEvents.Connected, () => {
    Logger.write('connected');
    if (e.destination === 'late') listen(e.call);
    if (e.destination === 'hangs') { listen(e.call); e.call.hangup(); }
  });
});
const out = VoxEngine.callPSTN('15550101', '15550100');
listen(out);
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = 15550101; callerid = 15550100; ]
  place 1 pstn 15550101 by '15550100' called ''
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 user ann listens
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = ann; destination = listens; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:listens@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627776 answer as ''
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log connected
  -- 2: an event of the session's own
  log Sent event to JS Call.AudioQualityDetected with params [id = 8C79A1DC1476AB573216A4020764BDE5; quality = Standard; ]
  log Call.AudioQualityDetected Standard true true true
at 3 call 1099511627776 packet
  log Sent event to JS Call.FirstAudioPacketReceived with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
at 4 alerting 1099511627777 user ann late
  log Sent event to JS Application.CallAlerting with params [id = 45C143DBB9609C22AB855D60925A9976; callerid = ann; destination = late; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:late@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = 45C143DBB9609C22AB855D60925A9976; ]
  call 1099511627777 answer as ''
at 5 call 1099511627777 connected
  log Sent event to JS Call.Connected with params [id = 45C143DBB9609C22AB855D60925A9976; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log connected
  -- 5: an event of the session's own
  log Sent event to JS Call.AudioQualityDetected with params [id = 45C143DBB9609C22AB855D60925A9976; quality = Standard; ]
  log Call.AudioQualityDetected Standard true true true
at 6 alerting 1099511627778 user ann hangs
  log Sent event to JS Application.CallAlerting with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; callerid = ann; destination = hangs; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:hangs@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; ]
  call 1099511627778 answer as ''
at 7 call 1099511627778 connected
  log Sent event to JS Call.Connected with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log connected
  log Executing JS command: Hangup with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; ]
  call 1099511627778 hang up
  -- 7: an event of the session's own
at 8 alerting 1099511627779 user ann bob
  log Sent event to JS Application.CallAlerting with params [id = 3784290C606B04FDC0720400C961E366; callerid = ann; destination = bob; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = 3784290C606B04FDC0720400C961E366; ]
  call 1099511627779 answer as ''
at 9 call 1099511627779 connected
  log Sent event to JS Call.Connected with params [id = 3784290C606B04FDC0720400C961E366; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log connected
at 10 call 1 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  -- 10: an event of the session's own
  log Sent event to JS Call.AudioQualityDetected with params [id = F400927857AAF64114F561BAACB37970; quality = Standard; ]
  log Call.AudioQualityDetected Standard true true true
at 20 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call to pstn 15550101 by '15550100' after 1 s: 200 Normal call clearing, successful
    call from user ann by 'listens' after 1 s: 200 Normal call clearing, successful
    call from user ann by 'late' after 1 s: 200 Normal call clearing, successful
    call from user ann by 'hangs' after 1 s: 200 Normal call clearing, successful
    call from user ann by 'bob' after 1 s: 200 Normal call clearing, successful
