# Digits are collected by hand: barge-in, a wrong and a right PIN, silence (test scenario 04).
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const call = e.call;
  let digits = '', bad = 0, timer = null;

  const arm = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { Logger.write('T04 timeout'); digits = ''; prompt(); }, 5000);
  };
  const prompt = () => { call.say('Enter your four digit code, then hash.', Language.US_ENGLISH_FEMALE); arm(); };

  call.addEventListener(CallEvents.Connected, () => { call.handleTones(true); prompt(); });
  call.addEventListener(CallEvents.PlaybackFinished, () => Logger.write('T04 prompt played to the end'));
  call.addEventListener(CallEvents.ToneReceived, (t) => {
    Logger.write(`T04 tone ${t.tone} type=${t.type}`);
    if (digits === '') call.stopPlayback();
    arm();
    if (t.tone !== '#') { digits += t.tone; return; }
    const ok = digits === '1234';
    Logger.write(ok ? 'T04 pin ok' : 'T04 pin bad');
    digits = '';
    if (ok || ++bad === 3) { clearTimeout(timer); call.hangup(); } else prompt();
  });
  call.addEventListener(CallEvents.Disconnected, () => { clearTimeout(timer); VoxEngine.terminate(); });
  call.answer();
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 2 call 1099511627776 tone 1 1
at 10 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = US_ENGLISH_FEMALE; ]
  play 1 speech 'Enter your four digit code, then hash.' by 'US_ENGLISH_FEMALE'
  wire player 1 to 1099511627776
at 11 player 1 ready 0
at 12 player 1 started 0
at 1000 call 1099511627776 tone 9 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 9; type = 1; ]
  log T04 tone 9 type=1
  stop 1
at 1100 call 1099511627776 tone # 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = #; type = 1; ]
  log T04 tone # type=1
  log T04 pin bad
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = US_ENGLISH_FEMALE; ]
  play 5 speech 'Enter your four digit code, then hash.' by 'US_ENGLISH_FEMALE'
  wire player 5 to 1099511627776
  -- 6100: a timer
  log T04 timeout
  stop 5
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = US_ENGLISH_FEMALE; ]
  play 7 speech 'Enter your four digit code, then hash.' by 'US_ENGLISH_FEMALE'
  wire player 7 to 1099511627776
at 6200 run
at 7000 call 1099511627776 tone 1 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 1; type = 1; ]
  log T04 tone 1 type=1
  stop 7
at 7001 player 7 finished
at 7100 call 1099511627776 tone 2 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 2; type = 1; ]
  log T04 tone 2 type=1
at 7200 call 1099511627776 tone 3 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 3; type = 1; ]
  log T04 tone 3 type=1
at 7300 call 1099511627776 tone 4 3
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 4; type = 3; ]
  log T04 tone 4 type=3
at 7400 call 1099511627776 tone # 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = #; type = 1; ]
  log T04 tone # type=1
  log T04 pin ok
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 7401 call 1099511627776 tone * 1
at 7500 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 8; internalCode = 200; reason = Normal call clearing; ]
  log Terminating request..., stack=
  |     at <anonymous> (s:23:89)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from pstn 15550123 by '15550100' after 8 s: 200 Normal call clearing, successful
