# The second person is busy, and the first hears so (test scenario 03, 4).
custom_data = 15550101:15550102
--- scenario s
let first, second;
const from = '+15550100';

VoxEngine.addEventListener(AppEvents.HttpRequest, () => {
  setTimeout(VoxEngine.terminate, 200);
  return { stopped: true };
});

VoxEngine.addEventListener(AppEvents.Started, (e) => {
  Logger.write(`T03 started session=${e.sessionId} http=${e.accessURL} https=${e.accessSecureURL} log=${e.logURL}`);
  const [n1, n2] = VoxEngine.customData().split(':');
  first = VoxEngine.callPSTN(n1, from);
  first.addEventListener(CallEvents.Failed, VoxEngine.terminate);
  first.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  first.addEventListener(CallEvents.Connected, () => {
    first.say('This is your call back. Please hold.', { voice: VoiceList.Amazon.en_US_Joanna });
    first.addEventListener(CallEvents.PlaybackFinished, callSecond);
  });

  function callSecond() {
    first.removeEventListener(CallEvents.PlaybackFinished, callSecond);
    second = VoxEngine.callPSTN(n2, from);
    second.addEventListener(CallEvents.Connected, () => VoxEngine.sendMediaBetween(first, second));
    second.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    second.addEventListener(CallEvents.Failed, (f) => {
      const text = { 486: 'The number is busy.', 404: 'The number does not exist.', 408: 'Nobody answered.' }[f.code];
      Logger.write('T03 second failed ' + f.code);
      first.say(text || 'The call could not be connected.', { voice: VoiceList.Amazon.en_US_Joanna });
      first.addEventListener(CallEvents.PlaybackFinished, VoxEngine.terminate);
    });
  }
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log T03 started session=4711 http=http://box:8080/request/4711/*** https=https://box:8443/request/4711/*** log=https://box:8443/logs/4711
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = 15550101; callerid = +15550100; ]
  place 1 pstn 15550101 by '+15550100' called ''
at 1000 call 1 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Amazon.en_US_Joanna; ]
  play 2 speech 'This is your call back. Please hold.' by 'Amazon.en_US_Joanna'
  wire player 2 to 1
at 3000 player 2 finished
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = pstn; number = 15550102; callerid = +15550100; ]
  place 3 pstn 15550102 by '+15550100' called ''
at 4000 call 3 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = 8C79A1DC1476AB573216A4020764BDE5; code = 486; reason = Busy Here; ]
  log T03 second failed 486
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Amazon.en_US_Joanna; ]
  play 4 speech 'The number is busy.' by 'Amazon.en_US_Joanna'
  wire player 4 to 1
at 4500 player 4 finished
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    custom data 15550101:15550102
    call to pstn 15550101 by '+15550100' after 4 s: 200 Normal call clearing, successful
    call to pstn 15550102 by '+15550100' after 0 s: 486 Busy Here, not successful
