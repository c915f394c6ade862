# playSoundAndHangup answers, plays a file and hangs up.
--- scenario s
VoxEngine.playSoundAndHangup('https://files.example/hello.mp3?key=secret');
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn 15550123 15550100
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = 15550123; destination = 15550100; displayName = ; fromURI = sip:15550123@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: Call.startPlayback with params [id = F400927857AAF64114F561BAACB37970; url = https://files.example/hello.mp3; ]
  play 1 GET https://files.example/hello.mp3?key=secret
  wire player 1 to 1099511627776
at 100 player 1 ready 2500
at 101 player 1 started 2500
at 2601 player 1 finished
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
at 2700 call 1099511627776 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 3; internalCode = 200; reason = Normal call clearing; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from pstn 15550123 by '15550100' after 3 s: 200 Normal call clearing, successful
