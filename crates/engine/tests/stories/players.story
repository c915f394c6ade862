# Players: all forms, limits, wires between units, what is left at the end.
--- scenario s
const attempt = (name, make) => { try { return make(); } catch (error) { Logger.write(`${name}: ${error}`); } };
const watch = (name, player) => { for (const event of Object.keys(PlayerEvents)) player.addEventListener(PlayerEvents[event], (e) => Logger.write(`${name} ${event} ${e.player === player} ${e.name} ${e.duration} ${e.error}`)); return player; };
const body = VoxEngine.createURLPlayer({ url: 'https://u:p@files.example/a.wav?key=1', method: 'POST', headers: [{ name: 'X-Key', value: 'k' }], body: { text: 'söund' } }, { loop: true, onPause: true });
const bytes = VoxEngine.createURLPlayer({ url: 'https://files.example/b.wav', method: 'POST', body: { binary: new Uint8Array([65, 66]) } });
const speech = watch('speech', VoxEngine.createTTSPlayer('hello', { voice: VoiceList.Amazon.en_US_Joanna, onPause: true }));
watch('old speech', VoxEngine.createTTSPlayer('hello', Language.US_ENGLISH_FEMALE)).stop();
watch('long', VoxEngine.createTTSPlayer('x'.repeat(1501)));
const tone = VoxEngine.createToneScriptPlayer('440@-19,480@-19;*(2/4/1+2)', { loop: true });
VoxEngine.createToneScript('425@-19;*(0.8/3.2/1)', true).stop();
attempt('method', () => VoxEngine.createURLPlayer({ url: 'https://a.example/', method: 'PUT' }));
attempt('header', () => VoxEngine.createURLPlayer({ url: 'https://a.example/', headers: [{ name: 'a b', value: 'c' }] }));
attempt('url', () => VoxEngine.createURLPlayer());
attempt('parameters', () => VoxEngine.createURLPlayer('https://a.example/', 'loop'));
attempt('script', () => { const long = VoxEngine.createToneScriptPlayer('x'.repeat(501)); long.addEventListener(PlayerEvents.PlaybackFinished, (e) => Logger.write('long script ' + e.error)); });
attempt('new', () => new Player());
for (let i = 0; i < 12; i += 1) attempt('player', () => VoxEngine.createURLPlayer('https://files.example/c.wav'));
const call = VoxEngine.callUser('bob', 'ann');
speech.sendMediaTo(call); speech.stopMediaTo(call); call.sendMediaTo(speech); VoxEngine.sendMediaBetween(tone, call); VoxEngine.stopMediaBetween(call, tone);
speech.pause(); speech.resume(); speech.addMarker(-300); speech.addMarker(500);
Logger.write(`${speech.id()} ${speech instanceof Player} ${speech instanceof BasePlayer} ${speech.constructor.name}`);
VoxEngine.addEventListener(AppEvents.Terminating, () => { Logger.write('terminating'); speech.stop(); speech.sendMediaTo(call); });
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 1; url = https://files.example/a.wav; ]
  play 1 for ever paused POST https://u:p@files.example/a.wav?key=1
    header X-Key: k
    body söund
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 2; url = https://files.example/b.wav; ]
  play 2 POST https://files.example/b.wav
    body AB
  log Executing JS command: VoxEngine.createTTSPlayer with params [id = 3; voice = Amazon.en_US_Joanna; ]
  play 3 paused speech 'hello' by 'Amazon.en_US_Joanna'
  log Executing JS command: VoxEngine.createTTSPlayer with params [id = 4; voice = US_ENGLISH_FEMALE; ]
  play 4 speech 'hello' by 'US_ENGLISH_FEMALE'
  stop 4
  log Executing JS command: VoxEngine.createTTSPlayer with params [id = 5; voice = ; ]
  log Executing JS command: VoxEngine.createToneScriptPlayer with params [id = 6; script = 440@-19,480@-19;*(2/4/1+2); ]
  play 6 for ever tone 440@-19,480@-19;*(2/4/1+2)
  log Executing JS command: VoxEngine.createToneScript with params [id = 7; script = 425@-19;*(0.8/3.2/1); ]
  play 7 for ever tone 425@-19;*(0.8/3.2/1)
  stop 7
  log method: Error: the method of a player is GET or POST
  log header: Error: header 'a b' is none of HTTP
  log url: TypeError: url must be a string, not undefined
  log parameters: TypeError: the parameters of createURLPlayer must be an object, not a string
  log Executing JS command: VoxEngine.createToneScriptPlayer with params [id = 8; script = xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; ]
  log new: TypeError: a Player is made by VoxEngine.createURLPlayer and the like
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 9; url = https://files.example/c.wav; ]
  play 9 GET https://files.example/c.wav
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 10; url = https://files.example/c.wav; ]
  play 10 GET https://files.example/c.wav
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 11; url = https://files.example/c.wav; ]
  play 11 GET https://files.example/c.wav
  log Executing JS command: VoxEngine.createURLPlayer with params [id = 12; url = https://files.example/c.wav; ]
  play 12 GET https://files.example/c.wav
  log player: Error: a session may have 10 players
  log player: Error: a session may have 10 players
  log player: Error: a session may have 10 players
  log player: Error: a session may have 10 players
  log player: Error: a session may have 10 players
  log player: Error: a session may have 10 players
  log player: Error: a session may have 10 players
  log player: Error: a session may have 10 players
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = user; number = bob; callerid = ann; ]
  place 13 user bob by 'ann' called ''
  wire player 3 to 13
  unwire player 3 to 13
  wire player 6 to 13
  unwire player 6 to 13
  pause 3
  resume 3
  mark 3 at -300 ms
  mark 3 at 500 ms
  log 3 true true Player
  log Sent event to JS Application.Started
  -- 0: an event of the session's own (3 times)
  log speech Created true Player.Created undefined undefined
  -- 0: an event of the session's own
  log old speech Created true Player.Created undefined undefined
  -- 0: an event of the session's own
  log old speech Stopped true Player.Stopped undefined undefined
  -- 0: an event of the session's own
  log long Created true Player.Created undefined undefined
  -- 0: an event of the session's own
  log Playback 5 failed: a text that is spoken may have 1500 characters
  log long Error true Player.Error undefined a text that is spoken may have 1500 characters
  log long PlaybackFinished true Player.PlaybackFinished undefined a text that is spoken may have 1500 characters
  -- 0: an event of the session's own (5 times)
  log Playback 8 failed: a ToneScript may have 500 bytes
  log long script a ToneScript may have 500 bytes
  -- 0: an event of the session's own (4 times)
at 10 player 3 ready 0
  log speech PlaybackReady true Player.PlaybackReady undefined undefined
at 20 player 3 finished
  log speech PlaybackFinished true Player.PlaybackFinished undefined undefined
at 21 player 3 finished
at 30 player 1 ready 2600
at 31 player 1 started 2600
at 40 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log terminating
  log Player.stop has no effect: the player is over
  log Player.sendMediaTo has no effect: the session is ending
  stop 1
  stop 2
  stop 6
  stop 9
  stop 10
  stop 11
  stop 12
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call to user bob by 'ann' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
