# Secrets that callers send are not in recordings.
secret API_KEY = sk-live-0123456789
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => { e.call.answer(e.headers); e.call.addEventListener(CallEvents.MessageReceived, (m) => e.call.sendMessage(m.text)); e.call.addEventListener(CallEvents.Disconnected, (d) => Logger.write(JSON.stringify(d.headers))); });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 pstn sk-live-0123456789 15550100 [X-Key: sk-live-0123456789] sk-live-0123456789
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = sk-live-0123456789; destination = 15550100; displayName = sk-live-0123456789; fromURI = sip:sk-live-0123456789@sip.example; toURI = sip:15550100@shop.acme.cordboard; ]
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
    header X-Key: sk-live-0123456789
at 2 call 1099511627776 connected [X-Key: sk-live-0123456789] sk-live-0123456789
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
at 3 call 1099511627776 message the key is sk-live-0123456789
  log Sent event to JS Call.MessageReceived with params [id = F400927857AAF64114F561BAACB37970; ]
  log Executing JS command: SendMessage with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 message the key is sk-live-0123456789
at 4 call 1099511627776 info text/plain [X-Key: sk-live-0123456789] sk-live-0123456789
  log Sent event to JS Call.InfoReceived with params [id = F400927857AAF64114F561BAACB37970; mimeType = text/plain; ]
at 5 player 9 finished sk-live-0123456789
at 6 call 1099511627776 disconnected 200 [X-Key: sk-live-0123456789] sk-live-0123456789
  log Sent event to JS Call.Disconnected with params [id = F400927857AAF64114F561BAACB37970; duration = 1; internalCode = 200; reason = sk-live-0123456789; ]
  log {"Reason":"SIP;cause=200;text=\"sk-live-0123456789\"","X-Key":"sk-live-0123456789"}
at 7 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from pstn sk-live-0123456789 by '15550100' after 1 s: 200 sk-live-0123456789, successful
