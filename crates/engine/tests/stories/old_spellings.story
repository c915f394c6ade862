# JSession and its functions; names that need no require; strings and unknown names in require.
--- scenario s
Logger.write(typeof JSession_getLeftMemBytes() + ' ' + (JSession_getLeftMemBytes() > 1000000) + ' ' + JSession_GC());
for (const name of [undefined, null, 'Player', 'conference', 'CallList', 'WebSocket', 'Net', 'Logger', 'AMD', 'PhoneNumber', 'nonsense', '__proto__', 'constructor', 'toString', 7, {}]) Logger.write(String(name) + ' ' + require(name));
Logger.write([typeof VoxEngine.callPSTN, typeof Net.httpRequest, typeof WebSocket, typeof console.log].join());
JSession.close();
--- transcript
at 0 start
  log Loading scenario s
  log number true undefined
  log undefined undefined
  log null undefined
  log Player undefined
  log conference undefined
  log CallList undefined
  log WebSocket undefined
  log Net undefined
  log Logger undefined
  log AMD undefined
  log PhoneNumber undefined
  log nonsense undefined
  log __proto__ undefined
  log constructor undefined
  log toString undefined
  log 7 undefined
  log [object Object] undefined
  log function,function,function,function
  log Terminating request..., stack=
  |     at <eval> (s:4:10)
  log Sent event to JS Application.Started
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
