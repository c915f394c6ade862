# What the author should know stands in the log once, and not after the end.
--- scenario s
VoxEngine.addEventListener(AppEvents.HttpRequest, () => VoxEngine.terminate());
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 note the built-in voice does not know the language of 'Amazon.pl_PL_Ewa': en-US is spoken
  log the built-in voice does not know the language of 'Amazon.pl_PL_Ewa': en-US is spoken
at 2 note the built-in voice does not know the language of 'Amazon.pl_PL_Ewa': en-US is spoken
at 3 note another one
  log another one
at 4 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  log Terminating request..., stack=
  |     at <anonymous> (s:1:66)
  answer 1 200 empty
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
at 5 note late
