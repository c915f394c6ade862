# Closing: codes, reasons, states; a failed connection; the end of the session closes what is open.
--- scenario s
const open = (name) => { const ws = VoxEngine.createWebSocket('ws://a.example/' + name); for (const event of ['Open', 'Message', 'Close', 'Error']) ws.addEventListener('WebSocket.' + event, (e) => Logger.write(name + ' ' + event + ' ' + ws.readyState + ' ' + JSON.stringify({ ...e, websocket: undefined }))); return ws; };
const a = open('a'), b = open('b'), c = open('c');
VoxEngine.addEventListener('Application.HttpRequest', () => {
  for (const [code, reason] of [[1001], [999], [5000], [1005], [1000, 'x'.repeat(124)]]) try { a.close(code, reason); Logger.write('closed'); } catch (error) { Logger.write(error.message + ' ' + a.readyState); }
  a.close(4001, 'done'); a.close(); Logger.write(a.readyState);
  try { a.send('x'); } catch (error) { Logger.write(error.message); }
});
--- transcript
at 0 start
  log Loading scenario s
  connect 1 ws://a.example/a protocols chat
  connect 2 ws://a.example/b protocols chat
  connect 3 ws://a.example/c protocols chat
  log Sent event to JS Application.Started
at 10 opened 1
  log a Open open {"name":"WebSocket.Open"}
at 20 failed 2 cannot connect
  log b Error connecting {"name":"WebSocket.Error","reason":"cannot connect"}
  log b Close closed {"name":"WebSocket.Close","code":1006,"reason":"cannot connect","wasClean":false}
at 30 opened 3
  log c Open open {"name":"WebSocket.Open"}
at 40 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  log close code 1001 must be 1000 or from 3000 to 4999 open
  log close code 999 must be 1000 or from 3000 to 4999 open
  log close code 5000 must be 1000 or from 3000 to 4999 open
  log close code 1005 must be 1000 or from 3000 to 4999 open
  log the reason of a close may have 123 bytes open
  close 1 4001 done
  log closing
  log a message cannot be sent while the WebSocket is closing
  answer 1 200 empty
at 50 message 1 on its way
  log a Message closing {"name":"WebSocket.Message","text":"on its way"}
at 60 closed 1 4001 clean done
  log a Close closed {"name":"WebSocket.Close","code":4001,"reason":"done","wasClean":true}
at 70 stop Terminated administratively
  close 3 1000 the session has ended
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
at 80 closed 3 1006 unclean gone
