# easyProcess ends the session when one of its calls fails.
--- scenario s
const a = VoxEngine.callPSTN('15550101', '15550100');
const b = VoxEngine.callUser('alice', '15550100');
VoxEngine.easyProcess(a, b);
try { VoxEngine.easyProcess(a, {}); } catch (error) { Logger.write(`${error}`); }
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = 15550101; callerid = 15550100; ]
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = alice; callerid = 15550100; ]
  log TypeError: call2 must be a Call, not object
  log Sent event to JS Application.Started
  -- 0: a call or request that failed
  log CallId=F400927857AAF64114F561BAACB37970: Failed with params [code = 503; reason = Cordboard does not place calls yet; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call to pstn 15550101 by '15550100' after 0 s: 503 Cordboard does not place calls yet, not successful
    call to user alice by '15550100' after 0 s: 487 The session ended, not successful
at 100 run
