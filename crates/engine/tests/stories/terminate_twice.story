# terminate is called many times, by each of its names; the session ends once.
--- scenario s
const { terminate } = VoxEngine;
VoxEngine.addEventListener('Application.Started', terminate);
VoxEngine.addEventListener('Application.Started', () => { VoxEngine.terminate(); JSession.close(); });
VoxEngine.addEventListener('Application.Terminating', VoxEngine.terminate);
VoxEngine.addEventListener('Application.Terminated', VoxEngine.terminate);
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log Terminating request..., stack=
  log Terminating request..., stack=
  |     at <anonymous> (s:3:69)
  log Terminating request..., stack=
  |     at <anonymous> (s:3:91)
  log Sent event to JS Application.Terminating
  log Terminating request..., stack=
  log Sent event to JS Application.Terminated
  log Terminating request..., stack=
  log Normal termination
  log Session terminated
  ended Normal termination
