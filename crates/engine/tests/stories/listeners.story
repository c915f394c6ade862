# Order of listeners, removal by handler and by name, removal and adding inside a handler.
--- scenario s
const E = 'Application.HttpRequest';
const a = () => Logger.write('a');
const b = () => Logger.write('b');
VoxEngine.addEventListener(E, a);
VoxEngine.addEventListener(E, () => { Logger.write('removes b, adds c'); VoxEngine.removeEventListener(E, b); VoxEngine.addEventListener(E, () => Logger.write('c')); });
VoxEngine.addEventListener(E, b);
VoxEngine.addEventListener(E, a);
VoxEngine.addEventListener(E, (e) => {
  if (e.content === 'a') VoxEngine.removeEventListener(E, a);
  if (e.content === 'other') VoxEngine.removeEventListener(E, () => {});
  if (e.content === 'none') { VoxEngine.removeEventListener(E); VoxEngine.addEventListener(E, () => 'only this one is left'); }
});
VoxEngine.removeEventListener('No.SuchEvent', a);
VoxEngine.addEventListener('No.SuchEvent', a);
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  log a
  log removes b, adds c
  log a
  answer 1 200 empty
at 20 request 2 POST / a
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log a
  log removes b, adds c
  log a
  log c
  answer 2 200 empty
at 30 request 3 POST / other
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log removes b, adds c
  log c
  log c
  answer 3 200 empty
at 40 request 4 POST / none
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log removes b, adds c
  answer 4 200 empty
at 50 request 5 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  answer 5 200 text only this one is left
at 60 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
