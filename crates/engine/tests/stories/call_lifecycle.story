# Every event of a call with its fields, in order; its states; what is told twice counts once.
--- scenario s
const watch = (call) => {
  for (const name of Object.keys(CallEvents)) call.addEventListener(CallEvents[name], (e) => {
    const { call: same, id, ...rest } = e;
    Logger.write(`${name} ${same === call} ${id === call.id()} ${call.state()} ${JSON.stringify(rest)}`);
  });
};
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const { call, ...rest } = e;
  Logger.write(JSON.stringify(rest));
  Logger.write([call.id().length, call.state(), call.number(), call.callerid(), call.displayName(), call.clientType(), call.incoming(), call.vad(), call.customData(), `${call}`.length].join(' | '));
  watch(call);
  call.handleTones(true);
  call.ring({ 'X-Ring': 'yes', 'x-lower': 'ok', Subject: 'no', 'X-Bad': 'a\r\nb', 'X-Long': 'x'.repeat(300), 'User-to-User': 'aa', 'VI-CallTimeout': 20 });
  call.startEarlyMedia();
  call.answer(null, { scheme: e.scheme, displayName: 'Desk' });
});
VoxEngine.addEventListener(AppEvents.Started, () => { const out = VoxEngine.callSIP('sip:bob@sip.example', { callerid: 'ann', displayName: 'Ann', headers: { 'VI-CallTimeout': '30', 'X-A': 'b' }, password: 'pass', authUser: 'auth', outProxy: 'proxy.example' }); watch(out); out.handleTones(true, DTMFType.SIP_INFO); });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = sip; number = sip:bob@sip.example; callerid = ann; ]
  place 1 sip sip:bob@sip.example as 'auth' with 'pass' through 'proxy.example' by 'ann' called 'Ann'
    header VI-CallTimeout: 30
    header X-A: b
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = false; info = true; ]
  call 1 tones telephone-event false info true
at 1 alerting 1099511627776 user ann 15550100 [X-A: 1] [X-a: 2] [X-A: 3] [VI-CallData: mine] Ann
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = ann; destination = 15550100; displayName = Ann; fromURI = sip:ann@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log {"name":"Application.CallAlerting","callerid":"ann","destination":"15550100","displayName":"Ann","toURI":"sip:15550100@shop.acme.cordboard","fromURI":"sip:ann@sip.example","headers":{"X-A":"1, 3","X-a":"2"},"customData":"mine","scheme":{}}
  log 32 | ALERTING | 15550100 | ann | Ann | user | true | false | mine | 38
  log Executing JS command: HandleTones with params [id = 8C79A1DC1476AB573216A4020764BDE5; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Ring with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  log Header 'Subject' is not sent: its name must begin with 'X-'
  log Header 'X-Bad' is not sent: its value is no line of text
  log Header 'X-Long' is not sent: a header may have 200 bytes
  log Header 'VI-CallTimeout' is not sent: its name must begin with 'X-'
  call 1099511627776 ring
    header X-Ring: yes
    header x-lower: ok
    header User-to-User: aa
  log Executing JS command: StartEarlyMedia with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627776 early media
  log Executing JS command: Answer with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627776 answer as 'Desk'
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log StateChanged true true CONNECTED {"name":"Call.StateChanged","oldState":"ALERTING","newState":"CONNECTED"}
  log Connected true true CONNECTED {"name":"Call.Connected","displayName":"","encrypted":false,"headers":{},"scheme":{},"sipCallId":"a1b2@sip.example","sipTransport":"udp","customData":"mine"}
  -- 2: an event of the session's own
  log Sent event to JS Call.AudioQualityDetected with params [id = 8C79A1DC1476AB573216A4020764BDE5; quality = Standard; ]
  log AudioQualityDetected true true CONNECTED {"name":"Call.AudioQualityDetected","quality":"Standard"}
at 3 call 1099511627776 connected
at 4 call 1 ringing
  log Sent event to JS Call.Ringing with params [id = F400927857AAF64114F561BAACB37970; ]
  log Ringing true true PROGRESSING {"name":"Call.Ringing","headers":{}}
at 4 call 1 ringing [X-Q: r]
  log Sent event to JS Call.Ringing with params [id = F400927857AAF64114F561BAACB37970; ]
  log Ringing true true PROGRESSING {"name":"Call.Ringing","headers":{"X-Q":"r"}}
at 5 call 1 audio 183 [X-S: t]
  log Sent event to JS Call.AudioStarted with params [id = F400927857AAF64114F561BAACB37970; code = 183; sipTransport = udp; ]
  log AudioStarted true true PROGRESSING {"name":"Call.AudioStarted","code":183,"headers":{"X-S":"t"},"sipTransport":"udp"}
at 5 call 1 packet
  log Sent event to JS Call.FirstAudioPacketReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log FirstAudioPacketReceived true true PROGRESSING {"name":"Call.FirstAudioPacketReceived"}
at 6 call 1 connected [X-T: u] Bob
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log StateChanged true true CONNECTED {"name":"Call.StateChanged","oldState":"PROGRESSING","newState":"CONNECTED"}
  log Connected true true CONNECTED {"name":"Call.Connected","displayName":"Bob","encrypted":false,"headers":{"X-T":"u"},"scheme":{},"sipCallId":"a1b2@sip.example","sipTransport":"udp"}
  -- 6: an event of the session's own
  log Sent event to JS Call.AudioQualityDetected with params [id = F400927857AAF64114F561BAACB37970; quality = Standard; ]
  log AudioQualityDetected true true CONNECTED {"name":"Call.AudioQualityDetected","quality":"Standard"}
at 10 call 1099511627776 tone 5 1
  log Sent event to JS Call.ToneReceived with params [id = 8C79A1DC1476AB573216A4020764BDE5; tone = 5; type = 1; ]
  log ToneReceived true true CONNECTED {"name":"Call.ToneReceived","tone":"5","type":1}
at 11 call 1099511627776 tone 5 2
at 12 call 1099511627776 tone 5 3
  log Sent event to JS Call.ToneReceived with params [id = 8C79A1DC1476AB573216A4020764BDE5; tone = 5; type = 3; ]
  log ToneReceived true true CONNECTED {"name":"Call.ToneReceived","tone":"5","type":3}
at 13 call 1 tone 6 1
at 14 call 1 tone 7 3
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 7; type = 3; ]
  log ToneReceived true true CONNECTED {"name":"Call.ToneReceived","tone":"7","type":3}
at 20 call 1 held on
  log Sent event to JS Call.OnHold with params [id = F400927857AAF64114F561BAACB37970; ]
  log OnHold true true CONNECTED {"name":"Call.OnHold"}
at 21 call 1 held off
  log Sent event to JS Call.OffHold with params [id = F400927857AAF64114F561BAACB37970; ]
  log OffHold true true CONNECTED {"name":"Call.OffHold"}
at 22 call 1 silent on
  log Sent event to JS Call.RtpStopped with params [id = F400927857AAF64114F561BAACB37970; ]
  log RtpStopped true true CONNECTED {"name":"Call.RtpStopped"}
at 23 call 1 silent off
  log Sent event to JS Call.RtpResumed with params [id = F400927857AAF64114F561BAACB37970; ]
  log RtpResumed true true CONNECTED {"name":"Call.RtpResumed"}
at 24 call 1 message Grüße
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log MessageReceived true true CONNECTED {"name":"Call.MessageReceived","headers":{},"text":"Grüße"}
at 25 call 1 info text/plain [X-I: j] a body
  log Sent event to JS Call.InfoReceived with params [id = F400927857AAF64114F561BAACB37970; mimeType = text/plain; ]
  log InfoReceived true true CONNECTED {"name":"Call.InfoReceived","body":"a body","headers":{"X-I":"j"},"mimeType":"text/plain"}
at 30 call 1 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 1; internalCode = 200; reason = Normal call clearing; ]
  log StateChanged true true TERMINATED {"name":"Call.StateChanged","oldState":"CONNECTED","newState":"TERMINATED"}
  log Disconnected true true TERMINATED {"name":"Call.Disconnected","cost":0,"direction":"","duration":1,"headers":{"Reason":"SIP;cause=200;text=\"Normal call clearing\""},"internalCode":200,"reason":"Normal call clearing"}
at 31 call 1 disconnected 200 Normal call clearing
at 32 call 1 message nobody
at 33 call 99 connected
at 23102 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = 8C79A1DC1476AB573216A4020764BDE5; duration = 24; internalCode = 200; reason = Normal call clearing; ]
  log StateChanged true true TERMINATED {"name":"Call.StateChanged","oldState":"CONNECTED","newState":"TERMINATED"}
  log Disconnected true true TERMINATED {"name":"Call.Disconnected","cost":0,"direction":"","duration":24,"headers":{"Reason":"SIP;cause=200;text=\"Normal call clearing\""},"internalCode":200,"reason":"Normal call clearing"}
  -- 83102: no call
  log The session had no call for 60 s
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Timeout
  log Session terminated
  ended Timeout
    call to sip sip:bob@sip.example by 'ann' after 1 s: 200 Normal call clearing, successful
    call from user ann by '15550100' after 24 s: 200 Normal call clearing, successful, custom data mine
at 83102 run
