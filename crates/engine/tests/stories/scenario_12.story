# A session bridged to a server over a WebSocket (test scenario 12 without its call).
idle_ms = 600000
--- scenario s
const ws = VoxEngine.createWebSocket('ws://127.0.0.1:8098/agent', { headers: [{ name: 'X-Token', value: 'abc' }] });
ws.addEventListener('WebSocket.Open', () => { Logger.write('T12 open ' + ws.readyState + ' ' + ws.url); ws.send(JSON.stringify({ hello: '15550100' })); });
ws.addEventListener('WebSocket.Message', (m) => { const msg = JSON.parse(m.text); Logger.write('T12 message ' + msg.cmd); if (msg.cmd === 'bye') ws.close(); });
ws.addEventListener('WebSocket.Error', () => Logger.write('T12 error'));
ws.addEventListener('WebSocket.Close', (c) => { Logger.write(`T12 closed ${c.code} ${c.wasClean}`); VoxEngine.terminate(); });
--- transcript
at 0 start
  log Loading scenario s
  connect 1 ws://127.0.0.1:8098/agent protocols chat
    header X-Token: abc
  log Sent event to JS Application.Started
at 10 opened 1
  log T12 open open ws://127.0.0.1:8098/agent
  send 1 text {"hello":"15550100"}
at 20 message 1 {"cmd":"say","text":"hi"}
  log T12 message say
at 30 message 1 {"cmd":"bye"}
  log T12 message bye
  close 1 1000
at 40 closed 1 1000 clean
  log T12 closed 1000 true
  log Terminating request..., stack=
  |     at <anonymous> (s:5:111)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
