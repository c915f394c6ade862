# Players: a paused start, markers, a file that is missing, a stop (test scenario 11).
--- scenario s
const MOCK = 'http://127.0.0.1:8099';

VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const call = e.call;
  const watch = (name, p) => {
    ['Created', 'PlaybackReady', 'Started', 'PlaybackMarkerReached', 'PlaybackFinished', 'Stopped', 'Error'].forEach((k) => {
      p.addEventListener(PlayerEvents[k], (ev) => Logger.write(`T11 ${name} ${k} duration=${ev.duration} offset=${ev.offset} error=${ev.error}`));
    });
    return p;
  };
  call.addEventListener(CallEvents.Connected, () => {
    const one = watch('one', VoxEngine.createURLPlayer({ url: MOCK + '/tone-3s.wav' }, { onPause: true }));
    one.addMarker(1000);
    one.addMarker(-500);
    one.sendMediaTo(call);
    setTimeout(() => one.resume(), 1500);
    one.addEventListener(PlayerEvents.PlaybackFinished, () => {
      const two = watch('two', VoxEngine.createURLPlayer({ url: MOCK + '/missing.wav' }));
      two.sendMediaTo(call);
      two.addEventListener(PlayerEvents.PlaybackFinished, () => {
        const three = watch('three', VoxEngine.createURLPlayer(MOCK + '/tone-3s.wav', true));
        three.sendMediaTo(call);
        setTimeout(() => three.stop(), 4000);
        setTimeout(() => call.hangup(), 5000);
      });
    });
  });
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
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
at 5 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 1; url = http://127.0.0.1:8099/tone-3s.wav; ]
  play 1 paused GET http://127.0.0.1:8099/tone-3s.wav
  mark 1 at 1000 ms
  mark 1 at -500 ms
  wire player 1 to 1099511627776
  -- 5: an event of the session's own
  log T11 one Created duration=undefined offset=undefined error=undefined
at 100 player 1 ready 3000
  log T11 one PlaybackReady duration=undefined offset=undefined error=undefined
  -- 1505: a timer
  resume 1
at 1505 run
at 1510 player 1 started 3000
  log T11 one Started duration=3 offset=undefined error=undefined
at 2510 player 1 marked 1000
  log T11 one PlaybackMarkerReached duration=undefined offset=1000 error=undefined
at 4010 player 1 marked -500
  log T11 one PlaybackMarkerReached duration=undefined offset=-500 error=undefined
at 4510 player 1 finished
  log T11 one PlaybackFinished duration=undefined offset=undefined error=undefined
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 3; url = http://127.0.0.1:8099/missing.wav; ]
  play 3 GET http://127.0.0.1:8099/missing.wav
  wire player 3 to 1099511627776
  -- 4510: an event of the session's own
  log T11 two Created duration=undefined offset=undefined error=undefined
at 4600 player 3 finished HTTP 404
  log Playback 3 failed: HTTP 404
  log T11 two Error duration=undefined offset=undefined error=HTTP 404
  log T11 two PlaybackFinished duration=undefined offset=undefined error=HTTP 404
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 4; url = http://127.0.0.1:8099/tone-3s.wav; ]
  play 4 for ever GET http://127.0.0.1:8099/tone-3s.wav
  wire player 4 to 1099511627776
  -- 4600: an event of the session's own
  log T11 three Created duration=undefined offset=undefined error=undefined
at 4700 player 4 ready 3000
  log T11 three PlaybackReady duration=undefined offset=undefined error=undefined
at 4701 player 4 started 3000
  log T11 three Started duration=3 offset=undefined error=undefined
  -- 8600: a timer
  stop 4
  -- 8600: an event of the session's own
  log T11 three Stopped duration=undefined offset=undefined error=undefined
at 8600 run
  -- 9600: a timer
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 9601 run
at 9700 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 10; internalCode = 200; reason = Normal call clearing; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from pstn 15550123 by '15550100' after 10 s: 200 Normal call clearing, successful
