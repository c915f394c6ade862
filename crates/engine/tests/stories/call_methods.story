# What a scenario may do with a call that is not answered, and with one beyond the limit: custom data reaches the history, hang-up makes it 487.
--- scenario s
const a = VoxEngine.callPSTN('15550101', '15550100');
Logger.write(a.customData('for history') + a.customData());
for (const name of ['say', 'answer', 'record', 'sendMessage', 'startPlayback']) try { a[name]('x'); } catch (error) { Logger.write(error.message); }
a.handleTones(true); a.sendMediaTo(a); VoxEngine.sendMediaBetween(a, a);
const b = VoxEngine.callPSTN('15550102', '15550100');
b.hangup(); b.hangup();
for (const call of [a, b]) call.addEventListener('Call.Failed', (e) => { Logger.write(call.number() + ' ' + e.code + ' ' + e.reason); call.hangup(); });
try { a.id.call({}); } catch (error) { Logger.write(`${error}`); }
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = 15550101; callerid = 15550100; ]
  place 1 pstn 15550101 by '15550100' called ''
  log for historyfor history
  log CallId=F400927857AAF64114F561BAACB37970: Call.say has no effect: the call is PROGRESSING and has no early media
  log headers must be an object or a list, not a string
  log Call.record is not yet available in Cordboard
  log CallId=F400927857AAF64114F561BAACB37970: Call.sendMessage has no effect: the call is PROGRESSING
  log CallId=F400927857AAF64114F561BAACB37970: Call.startPlayback has no effect: the call is PROGRESSING and has no early media
  log Executing JS command: HandleTones with params [id = F400927857AAF64114F561BAACB37970; telephoneEvent = true; info = true; ]
  call 1 tones telephone-event true info true
  wire call 1 to 1
  wire call 1 to 1
  wire call 1 to 1
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = pstn; number = 15550102; callerid = 15550100; ]
  place 2 pstn 15550102 by '15550100' called ''
  log Executing JS command: Hangup with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  call 2 hang up
  log TypeError: this is no Call
  log Sent event to JS Application.Started
at 50 call 1 failed 486 Busy Here
  log Sent event to JS Call.Failed with params [id = F400927857AAF64114F561BAACB37970; code = 486; reason = Busy Here; ]
  log 15550101 486 Busy Here
at 100 call 2 failed 487 Request Terminated
  log Sent event to JS Call.Failed with params [id = 8C79A1DC1476AB573216A4020764BDE5; code = 487; reason = Request Terminated; ]
  log 15550102 487 Request Terminated
at 200 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call to pstn 15550101 by '15550100' after 0 s: 486 Busy Here, not successful, custom data for history
    call to pstn 15550102 by '15550100' after 0 s: 487 Request Terminated, not successful
