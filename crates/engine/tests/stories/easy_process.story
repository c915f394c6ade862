# easyProcess on two outgoing calls: the session ends when one of them fails.
--- scenario s
const a = VoxEngine.callPSTN('15550101', '15550100');
const b = VoxEngine.callUser('alice', '15550100');
VoxEngine.easyProcess(a, b);
try { VoxEngine.easyProcess(a, {}); } catch (error) { Logger.write(`${error}`); }
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = 15550101; callerid = 15550100; ]
  place 1 pstn 15550101 by '15550100' called ''
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = alice; callerid = 15550100; ]
  place 2 user alice by '15550100' called ''
  wire call 1 to 2
  wire call 2 to 1
  log TypeError: call2 must be a Call, not object
  log Sent event to JS Application.Started
at 10 call 2 failed 480 User offline
  log Sent event to JS Call.Failed with params [id = 8C79A1DC1476AB573216A4020764BDE5; code = 480; reason = User offline; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call to pstn 15550101 by '15550100' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Normal termination.
    call to user alice by '15550100' after 0 s: 480 User offline, not successful
