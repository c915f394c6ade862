# Ten outgoing sockets; messages of a mebibyte; bad URLs, protocols and headers.
--- scenario s
const tries = {
  http: () => VoxEngine.createWebSocket('http://a.example/'),
  nothing: () => VoxEngine.createWebSocket(),
  protocol: () => VoxEngine.createWebSocket('ws://a.example/', { protocols: 'a b' }),
  header: () => VoxEngine.createWebSocket('ws://a.example/', { headers: { 'X Y': '1' } }),
  injected: () => VoxEngine.createWebSocket('ws://a.example/', { headers: { X: '1\r\nY: 2' } }),
  parameters: () => VoxEngine.createWebSocket('ws://a.example/', 5),
  size: () => VoxEngine.createWebSocket('ws://a.example/' + 'x'.repeat(100000)),
};
for (const name of Object.keys(tries)) try { tries[name](); Logger.write(name + ': accepted'); } catch (error) { Logger.write(`${name}: ${error}`); }
const sockets = [];
try { for (;;) sockets.push(VoxEngine.createWebSocket('ws://a.example/' + sockets.length)); } catch (error) { Logger.write(sockets.length + ' ' + error.message); }
sockets[0].onopen = () => {
  try { sockets[0].send('x'.repeat(1048577)); } catch (error) { Logger.write(error.message); }
  let sent = 0;
  try { for (;;) { sockets[0].send('x'.repeat(1048576)); sent += 1; } } catch (error) { Logger.write(sent + ' ' + error.message); }
};
sockets[1].onclose = () => { VoxEngine.createWebSocket('ws://a.example/again'); Logger.write('room again'); };
--- transcript
at 0 start
  log Loading scenario s
  log http: Error: the URL of a WebSocket must begin with ws:// or wss://
  log nothing: TypeError: url must be a string, not undefined
  log protocol: Error: 'a b' is no WebSocket sub-protocol
  log header: Error: header 'X Y' is none of HTTP
  log injected: Error: header 'X' is none of HTTP
  log parameters: TypeError: parameters must be an object, not a number
  log size: Error: the URL of a WebSocket may have 65536 bytes, its headers and sub-protocols 32768
  connect 1 ws://a.example/0 protocols chat
  connect 2 ws://a.example/1 protocols chat
  connect 3 ws://a.example/2 protocols chat
  connect 4 ws://a.example/3 protocols chat
  connect 5 ws://a.example/4 protocols chat
  connect 6 ws://a.example/5 protocols chat
  connect 7 ws://a.example/6 protocols chat
  connect 8 ws://a.example/7 protocols chat
  connect 9 ws://a.example/8 protocols chat
  connect 10 ws://a.example/9 protocols chat
  log 10 there may be at most 10 outgoing WebSockets
  log Sent event to JS Application.Started
at 10 opened 1
  log a WebSocket message may have 1048576 bytes
  send 1 text xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1048576 bytes)
  send 1 text xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1048576 bytes)
  send 1 text xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1048576 bytes)
  send 1 text xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1048576 bytes)
  send 1 text xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1048576 bytes)
  send 1 text xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1048576 bytes)
  send 1 text xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (1048576 bytes)
  log 7 one turn may send 8388608 bytes over WebSockets
at 20 closed 2 1000 clean bye
  connect 11 ws://a.example/again protocols chat
  log room again
at 30 stop Terminated administratively
  close 1 1000 the session has ended
  close 3 1000 the session has ended
  close 4 1000 the session has ended
  close 5 1000 the session has ended
  close 6 1000 the session has ended
  close 7 1000 the session has ended
  close 8 1000 the session has ended
  close 9 1000 the session has ended
  close 10 1000 the session has ended
  close 11 1000 the session has ended
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
