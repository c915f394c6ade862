# The IVR module: input until a terminator or a validator, states without input, a file as prompt, silence, reset.
--- scenario s
require(Modules.IVR);
let call;
const unknown = new IVRState('unknown', { type: 'inputunknown', terminateOn: '#', prompt: { play: 'https://files.example/ask.mp3' }, timeout: 1000 }, (input) => { Logger.write(`unknown ${input} ${unknown.input}`); valid.enter(call); }, (input) => { Logger.write(`timeout '${input}' '${unknown.input}'`); unknown.enter(call); });
const valid = new IVRState('valid', { type: 'inputunknown', inputValidator: (input) => input.length > 1 && input.endsWith('7'), prompt: { say: 'Say', lang: Language.US_ENGLISH_FEMALE } }, (input) => { Logger.write(`valid ${input}`); info.enter(call); });
const last = new IVRState('last', { type: 'noinput', prompt: { say: 'Bye' } }, () => { Logger.write('last'); fixed.enter(call); });
const info = new IVRState('info', { type: 'noinput', prompt: { say: 'Info' }, nextState: last });
const fixed = new IVRState('fixed', { type: 'inputfixed', inputLength: 2, timeout: 500 }, () => Logger.write('never'), (input) => Logger.write(`fixed timeout '${input}'`));
for (const settings of [undefined, {}, { type: 'menu' }]) try { new IVRState('wrong', settings); } catch (error) { Logger.write(`${error}`); }
try { info.enter({}); } catch (error) { Logger.write(`${error}`); }
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => { call = e.call; call.addEventListener(CallEvents.Connected, () => unknown.enter(call)); call.addEventListener(CallEvents.MessageReceived, () => { IVR.reset(); Logger.write('reset'); }); call.answer(); });
--- transcript
at 0 start
  log Loading scenario s
  log TypeError: the settings of an IVRState must be an object, not undefined
  log TypeError: settings.type must be a string, not undefined
  log TypeError: the type of an IVRState is 'select', 'inputfixed', 'inputunknown' or 'noinput'
  log TypeError: the call must be a Call, not object
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.startPlayback with params [id = F400927857AAF64114F561BAACB37970; url = https://files.example/ask.mp3; ]
  play 1 GET https://files.example/ask.mp3
  wire player 1 to 1099511627776
at 100 player 1 finished
  -- 1100: a timer
  log timeout '' ''
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.startPlayback with params [id = F400927857AAF64114F561BAACB37970; url = https://files.example/ask.mp3; ]
  play 3 GET https://files.example/ask.mp3
  wire player 3 to 1099511627776
at 1100 run
at 1200 call 1099511627776 tone 4 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 4; type = 1; ]
  stop 3
at 1300 call 1099511627776 tone * 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = *; type = 1; ]
at 1400 call 1099511627776 tone # 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = #; type = 1; ]
  log unknown 4* 4*
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = US_ENGLISH_FEMALE; ]
  play 6 speech 'Say' by 'US_ENGLISH_FEMALE'
  wire player 6 to 1099511627776
at 1500 call 1099511627776 tone 7 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 7; type = 1; ]
  stop 6
at 1600 call 1099511627776 tone 7 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 7; type = 1; ]
  log valid 77
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = ; ]
  play 8 speech 'Info' by ''
  wire player 8 to 1099511627776
at 1700 player 8 finished
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = ; ]
  play 9 speech 'Bye' by ''
  wire player 9 to 1099511627776
at 1800 player 9 finished
  log last
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  -- 2300: a timer
  log fixed timeout ''
at 2300 run
at 2350 call 1099511627776 tone 5 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 5; type = 1; ]
at 2400 call 1099511627776 tone 1 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 1; type = 1; ]
at 2500 call 1099511627776 message reset
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log reset
at 2600 call 1099511627776 tone 1 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 1; type = 1; ]
at 9000 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 9; internalCode = 200; reason = Normal call clearing; ]
at 9001 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from pstn 15550123 by '15550100' after 9 s: 200 Normal call clearing, successful
