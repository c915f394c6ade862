# What a scenario may do with a call before it fails: custom data reaches the history, hang-up makes it 487, needs say what is missing.
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
  log for historyfor history
  log Call.say is not possible: the call is PROGRESSING, and Cordboard does not place calls yet
  log Call.answer is not possible: the call is PROGRESSING, and Cordboard does not place calls yet
  log Call.record is not possible: the call is PROGRESSING, and Cordboard does not place calls yet
  log Call.sendMessage is not possible: the call is PROGRESSING, and Cordboard does not place calls yet
  log Call.startPlayback is not possible: the call is PROGRESSING, and Cordboard does not place calls yet
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = pstn; number = 15550102; callerid = 15550100; ]
  log TypeError: this is no Call
  log Sent event to JS Application.Started
  -- 0: a call or request that failed
  log CallId=F400927857AAF64114F561BAACB37970: Failed with params [code = 503; reason = Cordboard does not place calls yet; ]
  log 15550101 503 Cordboard does not place calls yet
  -- 0: a call or request that failed
  log CallId=8C79A1DC1476AB573216A4020764BDE5: Failed with params [code = 487; reason = Request Terminated; ]
  log 15550102 487 Request Terminated
at 100 run
at 200 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call to pstn 15550101 by '15550100' after 0 s: 503 Cordboard does not place calls yet, not successful, custom data for history
    call to pstn 15550102 by '15550100' after 0 s: 487 Request Terminated, not successful
