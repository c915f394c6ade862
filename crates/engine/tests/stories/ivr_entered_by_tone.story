# A state that a tone's handler enters takes the next digit, not that one; a state entered before the call can hear goes on without its prompt.
--- scenario s
require(Modules.IVR);
const menu = new IVRState('menu', { type: 'select', prompt: { say: 'Menu' }, timeout: 1000 }, (digit) => Logger.write('menu ' + digit), () => Logger.write('menu timeout'));
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  menu.enter(e.call);
  e.call.addEventListener(CallEvents.ToneReceived, (t) => { if (t.tone === '*') menu.enter(e.call); });
  e.call.addEventListener(CallEvents.Connected, () => e.call.handleTones(true));
  setTimeout(() => e.call.answer(), 1500);
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log CallId=F400927857AAF64114F561BAACB37970: Call.say has no effect: the call is ALERTING and has no early media
  -- 1001: a timer
  log menu timeout
  -- 1501: a timer
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 1600 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
at 2000 call 1099511627776 tone * 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = *; type = 1; ]
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1099511627776 tones telephone-event true info true
  log Executing JS command: Call.say with params [id = F400927857AAF64114F561BAACB37970; voice = ; ]
  play 3 speech 'Menu' by ''
  wire player 3 to 1099511627776
at 2100 call 1099511627776 tone 7 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 7; type = 1; ]
  stop 3
  log menu 7
at 2200 call 1099511627776 tone 8 1
  log Sent event to JS Call.ToneReceived with params [id = F400927857AAF64114F561BAACB37970; tone = 8; type = 1; ]
at 2300 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from pstn 15550123 by '15550100' after 1 s: 200 Normal call clearing, successful
