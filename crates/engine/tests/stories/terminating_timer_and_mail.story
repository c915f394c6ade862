# In Terminating timers are dead, sockets and calls are closed, and mail is refused; the one request still goes out.
--- scenario s
const ws = VoxEngine.createWebSocket('wss://agent.example/');
VoxEngine.addEventListener('Application.HttpRequest', VoxEngine.terminate);
VoxEngine.addEventListener('Application.Terminating', () => {
  Logger.write('timer ' + typeof setTimeout(() => Logger.write('never'), 1));
  try { Net.sendMail('smtp.example', 'a@example', 'b@example', 't', 'b', () => {}); } catch (error) { Logger.write('mail: ' + error.message); }
  try { VoxEngine.callPSTN('15550100', ''); } catch (error) { Logger.write('call: ' + error.message); }
  try { VoxEngine.createWebSocket('wss://agent.example/'); } catch (error) { Logger.write('socket: ' + error.message); }
  try { ws.send('x'); } catch (error) { Logger.write('send: ' + error.message); }
  Net.httpRequest('https://api.example/last', () => Logger.write('last'));
});
--- transcript
at 0 start
  log Loading scenario s
  connect 1 wss://agent.example/ protocols chat
  log Sent event to JS Application.Started
at 10 opened 1
at 20 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  log Terminating request..., stack=
  answer 1 200 empty
  close 1 1000 the session has ended
  log Sent event to JS Application.Terminating
  log A timer was set that will not fire: the session is ending
  log timer number
  log mail: A mail is not possible: the session is ending
  log call: A call is not possible: the session is ending
  log socket: A WebSocket is not possible: the session is ending
  log Executing JS command: HttpRequest with params [id = 3; method = GET; url = https://api.example/last; body = 0 bytes; ]
  http 3 GET https://api.example/last
at 30 http 3 200 ok
  log Sent event to JS HttpRequestResult with params [id = 3; code = 200; ]
  log last
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
at 40 http 2 200 ok
at 50 http 4 200 ok
at 60 http 5 200 ok
