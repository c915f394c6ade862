# What a call says and plays: forms, replacement, a stop, progress tones, errors.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const call = e.call;
  for (const name of ['PlaybackReady', 'PlaybackStarted', 'PlaybackFinished']) call.addEventListener(CallEvents[name], (ev) => Logger.write(`${name} ${ev.duration} ${ev.error}`));
  call.startEarlyMedia({ 'X-Early': 1 });
  call.playProgressTone('US');
  call.addEventListener(CallEvents.Connected, () => {
    call.say('one');
    call.say('two', Language.US_ENGLISH_FEMALE);
    call.say('three', Language.US_ENGLISH_FEMALE, { rate: 'slow' });
    call.say('four', { language: VoiceList.Amazon.en_US_Joanna });
    call.say('five', { voice: VoiceList.Google.en_US_Standard_C, progressivePlayback: true, ttsOptions: { pitch: 1 } });
  });
  call.addEventListener(CallEvents.MessageReceived, (m) => {
    if (m.text === 'play') call.startPlayback('https://files.example/a.mp3?key=1', true);
    if (m.text === 'play once') call.startPlayback('https://files.example/b.mp3', { loop: false, progressivePlayback: true });
    if (m.text === 'stop') { call.stopPlayback(); call.stopPlayback(); }
    if (m.text === 'long') call.say('x'.repeat(1501));
    if (m.text === 'long and stop') { call.say('x'.repeat(1501)); call.stopPlayback(); }
    if (m.text === 'tone') call.playProgressTone('RU');
    if (m.text === 'echo') call.sendMediaTo(call);
    if (m.text === 'no echo') call.stopMediaTo(call);
  });
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: StartEarlyMedia with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 early media
    header X-Early: 1
  log Executing JS command: Call.playProgressTone with params [id = F400927857AAF64114F561BAACB37970; script = 440@-19,480@-19;*(2/4/1+2); ]
  play 1 tone 440@-19,480@-19;*(2/4/1+2)
  wire player 1 to 1099511627776
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  stop 1
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = ; ]
  play 2 speech 'one' by ''
  wire player 2 to 1099511627776
  stop 2
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = US_ENGLISH_FEMALE; ]
  play 3 speech 'two' by 'US_ENGLISH_FEMALE'
  wire player 3 to 1099511627776
  log Shaping a voice (ttsOptions, request) is not yet available in Cordboard: it has no effect
  stop 3
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = US_ENGLISH_FEMALE; ]
  play 4 speech 'three' by 'US_ENGLISH_FEMALE'
  wire player 4 to 1099511627776
  stop 4
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Amazon.en_US_Joanna; ]
  play 5 speech 'four' by 'Amazon.en_US_Joanna'
  wire player 5 to 1099511627776
  stop 5
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Google.en_US_Standard_C; ]
  play 6 speech 'five' by 'Google.en_US_Standard_C'
  wire player 6 to 1099511627776
at 3 player 2 finished
at 4 player 6 ready 0
  log PlaybackReady undefined undefined
at 5 player 6 started 1234
  log PlaybackStarted 0 undefined
at 6 call 1099511627776 message play
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  stop 6
  log Executing JS command: Call.startPlayback with params [id = F400927857AAF64114F561BAACB37970; url = https://files.example/a.mp3; ]
  play 7 for ever GET https://files.example/a.mp3?key=1
  wire player 7 to 1099511627776
at 7 player 6 finished
at 8 player 7 ready 2000
  log PlaybackReady undefined undefined
at 9 player 7 started 2000
  log PlaybackStarted 2 undefined
at 10 call 1099511627776 message stop
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  stop 7
at 11 player 7 finished
at 20 call 1099511627776 message play once
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: Call.startPlayback with params [id = F400927857AAF64114F561BAACB37970; url = https://files.example/b.mp3; ]
  play 8 GET https://files.example/b.mp3
  wire player 8 to 1099511627776
at 21 player 8 ready 2500
  log PlaybackReady undefined undefined
at 22 player 8 started 2500
  log PlaybackStarted 2.5 undefined
at 23 player 8 finished connection lost
  log Playback 8 failed: connection lost
  log PlaybackFinished undefined connection lost
at 30 call 1099511627776 message long
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = ; ]
  -- 30: an event of the session's own
  log PlaybackFinished undefined a text that is spoken may have 1500 characters
at 31 call 1099511627776 message long and stop
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = ; ]
at 40 call 1099511627776 message tone
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: Call.playProgressTone with params [id = F400927857AAF64114F561BAACB37970; script = 425@-19;*(0.8/3.2/1); ]
  play 9 tone 425@-19;*(0.8/3.2/1)
  wire player 9 to 1099511627776
at 41 player 9 started 0
at 42 call 1099511627776 message echo
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  stop 9
  wire call 1099511627776 to 1099511627776
at 43 call 1099511627776 message no echo
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  unwire call 1099511627776 to 1099511627776
at 50 call 1099511627776 message play
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: Call.startPlayback with params [id = F400927857AAF64114F561BAACB37970; url = https://files.example/a.mp3; ]
  play 10 for ever GET https://files.example/a.mp3?key=1
  wire player 10 to 1099511627776
at 51 call 1099511627776 message play once
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  stop 10
  log Executing JS command: Call.startPlayback with params [id = F400927857AAF64114F561BAACB37970; url = https://files.example/b.mp3; ]
  play 11 GET https://files.example/b.mp3
  wire player 11 to 1099511627776
at 60 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 1; internalCode = 200; reason = Normal call clearing; ]
  stop 11
  -- 60060: no call
  log The session had no call for 60 s
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Timeout
  log Session terminated
  ended Timeout
    call from pstn 15550123 by '15550100' after 1 s: 200 Normal call clearing, successful
at 60060 run
