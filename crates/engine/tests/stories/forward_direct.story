# A forward is a whole scenario: forwardCallToUserDirect.
--- scenario s
VoxEngine.forwardCallToUserDirect();
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 sip alice bob [X-A: b] Alice A.
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = alice; destination = bob; displayName = Alice A.; fromURI = sip:alice@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = bob; callerid = alice; ]
  -- 1: an event of the session's own
  log Sent event to JS Call.Failed with params [id = 8C79A1DC1476AB573216A4020764BDE5; code = 501; reason = callUserDirect is not yet available in Cordboard; ]
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    call from sip alice by 'bob' after 0 s: 603 The session ended, not successful
      The session ended before the call was answered: Normal termination.
    call to user bob by 'alice' after 0 s: 501 callUserDirect is not yet available in Cordboard, not successful
at 2 call 1 connected Bob
at 3 call 1099511627776 connected
at 1004 call 1099511627776 disconnected 200 Normal call clearing
