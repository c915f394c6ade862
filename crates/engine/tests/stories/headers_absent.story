# A header without a value is left out with a line of the log, wherever headers are given; numbers and booleans are texts.
--- scenario s
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  const a = e.call, order = e.headers['X-Order'];
  const headers = { 'X-Order': order, 'X-Null': null, 'X-Object': {}, 'X-Number': 7, 'X-Flag': false };
  VoxEngine.callUser({ username: 'bob', callerid: 'ann', extraHeaders: { 'X-Order': order } });
  VoxEngine.callSIP('sip:bob@b.example', { callerid: 'ann', headers: [{ name: 'X-Order', value: order }, { value: 1 }, 'X-Kept: yes'] });
  a.ring(headers);
  if (e.destination === 'nobody') a.reject(404, headers);
  else a.answer(headers);
  a.addEventListener(CallEvents.Connected, () => { a.sendInfo('a/b', 'c', headers); a.hangup(headers); });
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 1 alerting 1099511627776 user ann bob
  log Sent event to JS Application.CallAlerting with params [id = F400927857AAF64114F561BAACB37970; callerid = ann; destination = bob; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:bob@shop.acme.cordboard; ]
  log Header 'X-Order' is not sent: its value is undefined
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = bob; callerid = ann; ]
  place 1 user bob by 'ann' called ''
  log A header of headers is not sent: its name is undefined
  log Executing JS command: Call with params [id = 45C143DBB9609C22AB855D60925A9976; type = sip; number = sip:bob@b.example; callerid = ann; ]
  place 2 sip sip:bob@b.example as '' with '' through '' by 'ann' called ''
    header X-Kept: yes
  log Header 'X-Null' is not sent: its value is null
  log Header 'X-Object' is not sent: its value is object
  log Executing JS command: Ring with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 ring
    header X-Number: 7
    header X-Flag: false
  log Executing JS command: Answer with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 answer as ''
    header X-Number: 7
    header X-Flag: false
at 2 call 1099511627776 connected
  log Sent event to JS Call.Connected with params [id = F400927857AAF64114F561BAACB37970; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log Executing JS command: SendInfo with params [id = F400927857AAF64114F561BAACB37970; mimeType = a/b; ]
  call 1099511627776 info a/b c
    header X-Number: 7
    header X-Flag: false
  log Executing JS command: Hangup with params [id = F400927857AAF64114F561BAACB37970; ]
  call 1099511627776 hang up
    header X-Number: 7
    header X-Flag: false
at 3 alerting 1099511627777 user ann nobody
  log Sent event to JS Application.CallAlerting with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; callerid = ann; destination = nobody; displayName = ; fromURI = sip:ann@sip.example; toURI = sip:nobody@shop.acme.cordboard; ]
  log Executing JS command: Call with params [id = 3784290C606B04FDC0720400C961E366; type = user; number = bob; callerid = ann; ]
  place 3 user bob by 'ann' called ''
  log Executing JS command: Call with params [id = B6EA14D411FCC53DEA4F44C9BB4D7408; type = sip; number = sip:bob@b.example; callerid = ann; ]
  place 4 sip sip:bob@b.example as '' with '' through '' by 'ann' called ''
    header X-Kept: yes
  log Executing JS command: Ring with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; ]
  call 1099511627777 ring
    header X-Number: 7
    header X-Flag: false
  log Executing JS command: Reject with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; code = 404; ]
  call 1099511627777 reject 404
    header X-Number: 7
    header X-Flag: false
at 4 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call from user ann by 'bob' after 1 s: 200 Normal call clearing, successful
    call to user bob by 'ann' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to sip sip:bob@b.example by 'ann' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call from user ann by 'nobody' after 0 s: 404 Rejected, not successful
    call to user bob by 'ann' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to sip sip:bob@b.example by 'ann' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
