# What harms nobody does not end a session: it is taken for something sensible, and the log says for what.
--- scenario s
VoxEngine.customData(null);
Logger.write(JSON.stringify(VoxEngine.customData()) + VoxEngine.customData({ a: 1 }) + VoxEngine.customData(7));
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const call = e.call;
  Logger.write(JSON.stringify(call.customData(null)));
  if (e.destination !== 'refused') call.answer();
  else call.reject(200);
  call.addEventListener(CallEvents.Connected, () => {
    call.sendDigits('1,2 3-4'); call.sendDigits(56); call.sendDigits(' ,'); call.sendDigits(undefined);
    call.playProgressTone('us'); call.playProgressTone('Ru'); call.playProgressTone('GB'); call.playProgressTone(); call.playProgressTone(null);
    call.say(undefined); call.say(12);
    call.sendMessage({ a: 1 }); call.sendMessage(null); call.sendInfo('application/json', { a: 1 });
    VoxEngine.createTTSPlayer(null);
  });
});
--- transcript
at 0 start
  log Loading scenario s
  log VoxEngine.customData is null, which is taken as an empty text
  log VoxEngine.customData is object, which is taken as the text that JavaScript makes of it: is JSON.stringify missing?
  log ""[object Object]7
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 user ann refused
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = ann; destination = refused; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:refused@shop.acme.cordboard; ]
  log Call.customData is null, which is taken as an empty text
  log ""
  log Call.reject takes a code from 300 to 699, not 200: 603 is sent
  log Executing JS command: Reject with params [id = F400927857AAF64114F561BAACB37970; code = 603; ]
  call 1099511627776 reject 603
at 2 alerting 1099511627777 user ann bob
  log Sent event to JS Application.CallAlerting with params [id = 8C79A1DC1476AB573216A4020764BDE5; callerid = ann; destination = bob; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log ""
  log Executing JS command: Answer with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627777 answer as ''
at 3 call 1099511627777 connected
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Call.sendDigits sends 0 to 9, *, #, A to D, and p for a pause: other characters are left out
  log Executing JS command: SendDigits with params [id = 8C79A1DC1476AB573216A4020764BDE5; digits = 1234; ]
  call 1099511627777 digits 1234
  log Executing JS command: SendDigits with params [id = 8C79A1DC1476AB573216A4020764BDE5; digits = 56; ]
  call 1099511627777 digits 56
  log Call.sendDigits is undefined, which is taken as an empty text
  log Executing JS command: Call.playProgressTone with params [id = 8C79A1DC1476AB573216A4020764BDE5; script = 440@-19,480@-19;*(2/4/1+2); ]
  play 1 tone 440@-19,480@-19;*(2/4/1+2)
  wire player 1 to 1099511627777
  stop 1
  log Executing JS command: Call.playProgressTone with params [id = 8C79A1DC1476AB573216A4020764BDE5; script = 425@-19;*(0.8/3.2/1); ]
  play 2 tone 425@-19;*(0.8/3.2/1)
  wire player 2 to 1099511627777
  log Call.playProgressTone knows the tones of 'US' and 'RU' and no other country's: that of 'US' is played
  stop 2
  log Executing JS command: Call.playProgressTone with params [id = 8C79A1DC1476AB573216A4020764BDE5; script = 440@-19,480@-19;*(2/4/1+2); ]
  play 3 tone 440@-19,480@-19;*(2/4/1+2)
  wire player 3 to 1099511627777
  stop 3
  log Executing JS command: Call.playProgressTone with params [id = 8C79A1DC1476AB573216A4020764BDE5; script = 440@-19,480@-19;*(2/4/1+2); ]
  play 4 tone 440@-19,480@-19;*(2/4/1+2)
  wire player 4 to 1099511627777
  stop 4
  log Executing JS command: Call.playProgressTone with params [id = 8C79A1DC1476AB573216A4020764BDE5; script = 440@-19,480@-19;*(2/4/1+2); ]
  play 5 tone 440@-19,480@-19;*(2/4/1+2)
  wire player 5 to 1099511627777
  log The text that is spoken is undefined, which is taken as an empty text
  stop 5
  log Executing JS command: Call.say with params [id = 8C79A1DC1476AB573216A4020764BDE5; voice = ; ]
  play 6 speech '' by ''
  wire player 6 to 1099511627777
  stop 6
  log Executing JS command: Call.say with params [id = 8C79A1DC1476AB573216A4020764BDE5; voice = ; ]
  play 7 speech '12' by ''
  wire player 7 to 1099511627777
  log The text of Call.sendMessage is object, which is taken as the text that JavaScript makes of it: is JSON.stringify missing?
  log Executing JS command: SendMessage with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627777 message [object Object]
  log The text of Call.sendMessage is null, which is taken as an empty text
  log Executing JS command: SendMessage with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 1099511627777 message
  log The body of Call.sendInfo is object, which is taken as the text that JavaScript makes of it: is JSON.stringify missing?
  log Executing JS command: SendInfo with params [id = 8C79A1DC1476AB573216A4020764BDE5; mimeType = application/json; ]
  call 1099511627777 info application/json [object Object]
  log The text that is spoken is null, which is taken as an empty text
  log Executing JS command: VoxEngine.createTTSPlayer with params [id = 8; voice = ; ]
  play 8 speech '' by ''
  -- 3: an event of the session's own
at 4 stop Terminated administratively
  log Sent event to JS Application.Terminating
  stop 7
  stop 8
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    custom data 7
    call from user ann by 'refused' after 0 s: 603 Rejected, not successful, custom data 
    call from user ann by 'bob' after 1 s: 200 Normal call clearing, successful, custom data 
