# A handler that is no function is an error when its event fires.
--- scenario s
VoxEngine.addEventListener('Application.Started', undefined);
VoxEngine.addEventListener('Application.HttpRequest', 'text');
VoxEngine.removeEventListener('Application.Started');
Logger.write('added without error');
--- transcript
at 0 start
  log Loading scenario s
  log added without error
  log Sent event to JS Application.Started
at 10 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  answer 1 500 empty
  log Uncaught TypeError: the handler of Application.HttpRequest is no function but a string
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log JS session error
  log Session terminated
  ended JS session error
    The scenario stopped: TypeError: the handler of Application.HttpRequest is no function but a string.
