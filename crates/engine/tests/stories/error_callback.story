# An error in an HTTP callback ends the session.
--- scenario s
Net.httpRequest('https://a.example/', () => { throw { code: 7 }; });
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://a.example/; body = 0 bytes; ]
  http 1 GET https://a.example/
  log Sent event to JS Application.Started
at 200 http 1 200 ok
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log Uncaught an object that is no Error
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: an object that is no Error.
