# A value that is no JSON is an error of the handler.
--- scenario s
VoxEngine.addEventListener('Application.HttpRequest', (e) => { const circle = { name: 'c' }; circle.self = circle; return circle; });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  answer 1 500 empty
  log Uncaught TypeError: circular reference
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: TypeError: circular reference.
