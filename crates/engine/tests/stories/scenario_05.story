# The IVR module: a menu, a digit that leads nowhere, silence, an input of fixed length (test scenario 05).
--- scenario s
require(Modules.IVR);

let call, menu, account;

function build() {
  account = new IVRState('account', {
    type: 'inputfixed', inputLength: 3, timeout: 4000,
    prompt: { say: 'Enter your three digit account.', lang: VoiceList.Amazon.en_US_Joanna },
  }, (input) => {
    Logger.write(`T05 account ${input} kept=${account.input}`);
    call.hangup();
  }, (partial) => {
    Logger.write(`T05 account timeout "${partial}"`);
    account.enter(call);
  });
  menu = new IVRState('menu', {
    type: 'select', timeout: 4000,
    prompt: { say: 'Press one for your account.', lang: VoiceList.Amazon.en_US_Joanna },
    nextStates: { 1: account },
  }, (input) => {
    Logger.write(`T05 no such option ${input}`);
    menu.enter(call);
  }, (partial) => {
    Logger.write(`T05 menu timeout "${partial}"`);
    menu.enter(call);
  });
}

VoxEngine.addEventListener(AppEvents.Started, build);
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  call = e.call;
  call.addEventListener(CallEvents.Connected, () => menu.enter(call));
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
at 10 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Amazon.en_US_Joanna; ]
  play 1 speech 'Press one for your account.' by 'Amazon.en_US_Joanna'
  wire player 1 to 1099511627776
at 2000 player 1 finished
  -- 6000: a timer
  log T05 menu timeout ""
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Amazon.en_US_Joanna; ]
  play 3 speech 'Press one for your account.' by 'Amazon.en_US_Joanna'
  wire player 3 to 1099511627776
at 6000 run
at 8000 player 3 finished
at 8500 call 1099511627776 tone 9 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 9; type = 1; ]
  log T05 no such option 9
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Amazon.en_US_Joanna; ]
  play 5 speech 'Press one for your account.' by 'Amazon.en_US_Joanna'
  wire player 5 to 1099511627776
at 9000 call 1099511627776 tone 1 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 1; type = 1; ]
  stop 5
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Amazon.en_US_Joanna; ]
  play 6 speech 'Enter your three digit account.' by 'Amazon.en_US_Joanna'
  wire player 6 to 1099511627776
at 9500 call 1099511627776 tone 1 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 1; type = 1; ]
  stop 6
at 9600 call 1099511627776 tone 2 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 2; type = 1; ]
  -- 13600: a timer
  log T05 account timeout "12"
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = Amazon.en_US_Joanna; ]
  play 9 speech 'Enter your three digit account.' by 'Amazon.en_US_Joanna'
  wire player 9 to 1099511627776
at 13600 run
at 14000 call 1099511627776 tone 1 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 1; type = 1; ]
  stop 9
at 14100 call 1099511627776 tone 2 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 2; type = 1; ]
at 14200 call 1099511627776 tone 3 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 3; type = 1; ]
  log T05 account 123 kept=123
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 14300 call 1099511627776 tone 4 1
at 14400 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 15; internalCode = 200; reason = Normal call clearing; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from pstn 15550123 by '15550100' after 15 s: 200 Normal call clearing, successful
