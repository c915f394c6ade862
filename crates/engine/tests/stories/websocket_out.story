# An outgoing WebSocket: request, order of events, text and bytes, states, close by the other side.
idle_ms = 600000
--- scenario s
const ws = VoxEngine.createWebSocket('wss://agent.example/talk', { protocols: ['one', 'two'], headers: [{ name: 'X-Token', value: 'abc' }] });
Logger.write(ws.readyState + ' ' + ws.url + ' ' + typeof ws.id());
try { ws.send('early'); } catch (error) { Logger.write(error.message); }
ws.onopen = function (e) { Logger.write('onopen ' + (this === ws) + (e.websocket === ws) + e.name + ws.readyState); };
ws.onmessage = (e) => Logger.write('onmessage ' + Object.keys(e));
ws.onclose = (e) => Logger.write('onclose ' + JSON.stringify({ ...e, websocket: undefined }) + ws.readyState);
ws.onerror = 'not a function';
ws.addEventListener('WebSocket.Open', () => { Logger.write('listener open'); ws.send('hello'); ws.send(7); ws.send([1, 2, 255]); ws.send(new Uint8Array([3, 4]).buffer); });
ws.addEventListener('WebSocket.Message', (e) => {
  Logger.write('listener ' + (e.text === undefined ? e.data.join() : e.text));
  if (e.text === 'stop') ws.removeEventListener('WebSocket.Message');
});
ws.addEventListener('WebSocket.Close', (e) => { Logger.write('listener close ' + e.code + e.wasClean); try { ws.send('x'); } catch (error) { Logger.write(error.message); } ws.close(); });
new WebSocket('ws://127.0.0.1:8098/', 'old');
new WebSocket('ws://127.0.0.1:8098/');
for (const name of ['sendMediaTo', 'stopMediaTo', 'clearMediaBuffer']) try { ws[name](ws); } catch (error) { Logger.write(error.message); }
--- transcript
at 0 start
  log Loading scenario s
  connect 1 wss://agent.example/talk protocols one, two
    header X-Token: abc
  log connecting wss://agent.example/talk string
  log a message cannot be sent while the WebSocket is connecting
  connect 2 ws://127.0.0.1:8098/ protocols old
  connect 3 ws://127.0.0.1:8098/ protocols chat
  log Sound over a WebSocket is not yet available in Cordboard: it has no effect
  log Sent event to JS Application.Started
at 100 opened 1
  log onopen truetrueWebSocket.Openopen
  log listener open
  send 1 text hello
  send 1 text 7
  send 1 bytes [1, 2, 255]
  send 1 bytes [3, 4]
at 200 message 1 hi
  log onmessage websocket,name,text
  log listener hi
at 300 bytes 1 0,1,255
  log onmessage websocket,name,data
  log listener 0,1,255
at 400 message 1 stop
  log onmessage websocket,name,text
  log listener stop
at 500 message 1 only the property hears this
  log onmessage websocket,name,text
at 600 closed 1 1001 clean going away
  log onclose {"name":"WebSocket.Close","code":1001,"reason":"going away","wasClean":true}closed
  log listener close 1001true
  log a message cannot be sent while the WebSocket is closed
at 700 message 1 nobody
at 700 closed 1 1000 clean again
at 800 opened 99
at 90000 stop Terminated administratively
  close 2 1000 the session has ended
  close 3 1000 the session has ended
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
