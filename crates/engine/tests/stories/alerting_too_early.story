# A call that comes in before the scenarios ran, or to a session whose scenario cannot be read, is rejected.
--- scenario s
const broken = ;
--- transcript
at 0 alerting 1099511627776 pstn 15550123 15550100
  call 1099511627776 reject 480
at 1 start
  log Loading scenario s
  log Uncaught SyntaxError: unexpected token in expression: ';'
  |     at s:1:16
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: SyntaxError: unexpected token in expression: ';' (s:1:16).
at 2 alerting 1099511627777 pstn 15550123 15550100
  call 1099511627777 reject 480
