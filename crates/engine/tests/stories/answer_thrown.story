# A handler that throws answers 500 and ends the session.
--- scenario s
VoxEngine.addEventListener('Application.HttpRequest', (e) => { if (e.content) throw new RangeError('out of ' + e.content); return new Promise(() => {}); });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
at 20 request 2 POST / stock
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  answer 2 500 empty
  log Uncaught RangeError: out of stock
  |     at <anonymous> (s:1:112)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  answer 1 404 empty
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: RangeError: out of stock (s:1:112).
at 30 request 3 GET /
  answer 3 404 empty
