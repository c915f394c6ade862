# Incoming sockets: refused until they are allowed, three beyond the calls, NewWebSocketFailed.
idle_ms = 600000
--- scenario s
VoxEngine.addEventListener('Application.OnNewWebSocketFailed', (e) => Logger.write('refused ' + JSON.stringify(e)));
VoxEngine.addEventListener('AppEvents.NewWebSocketConnection', (e) => {
  const ws = e.websocket;
  Logger.write(`arrived ${ws.readyState} ${ws.url} ${JSON.stringify({ ...e, websocket: undefined })}`);
  ws.onmessage = (m) => { if (m.text === 'bye') ws.close(); else ws.send('echo ' + (m.text || m.data.join())); };
  ws.addEventListener('WebSocket.Close', (c) => Logger.write('closed ' + c.code));
});
VoxEngine.addEventListener('Application.HttpRequest', () => { VoxEngine.allowWebSocketConnections(); return 'allowed'; });
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 arrive 1 GET /request/4711/x [X-A: b] [Origin: o]
  refuse 1 The scenario takes no WebSocket connections: it did not call VoxEngine.allowWebSocketConnections.
  log refused {"content":"","headers":[{"key":"X-A","value":"b"}],"method":"GET","path":"/request/4711/x","reason":"The scenario takes no WebSocket connections: it did not call VoxEngine.allowWebSocketConnections."}
at 20 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  answer 1 200 text allowed
at 30 arrive 2 GET /request/4711/x [X-A: b] [Origin: o]
  accept 2 as 1
  log arrived open /request/4711/x {"content":"","headers":[{"key":"X-A","value":"b"}],"method":"GET","path":"/request/4711/x"}
at 40 message 1 hi
  send 1 text echo hi
at 50 bytes 1 1,2
  send 1 text echo 1,2
at 60 arrive 3 GET /
  accept 3 as 2
  log arrived open / {"content":"","headers":[],"method":"GET","path":"/"}
at 70 arrive 4 GET /
  accept 4 as 3
  log arrived open / {"content":"","headers":[],"method":"GET","path":"/"}
at 80 arrive 5 GET /
  refuse 5 There may be 3 incoming WebSocket connections: the session's calls and 3 more.
  log refused {"content":"","headers":[],"method":"GET","path":"/","reason":"There may be 3 incoming WebSocket connections: the session's calls and 3 more."}
at 90 message 1 bye
  close 1 1000
at 95 closed 1 1000 clean bye
  log closed 1000
at 100 arrive 6 GET /
  accept 6 as 4
  log arrived open / {"content":"","headers":[],"method":"GET","path":"/"}
at 110 stop Terminated administratively
  close 2 1000 the session has ended
  close 3 1000 the session has ended
  close 4 1000 the session has ended
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
at 120 arrive 7 GET /
  refuse 7 The session has ended.
