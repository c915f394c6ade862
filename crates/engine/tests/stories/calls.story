# Every function that places a call returns a Call, and some of them fail in a turn of their own, because they are not built.
--- scenario s
const watch = (name, call) => {
  Logger.write(name + ' ' + [call.id().length, call.state(), call.number(), call.callerid(), call.displayName(), call.clientType(), call.incoming()].join(' | '));
  for (const event of ['Connected', 'Disconnected', 'Failed', 'Ringing']) call.addEventListener('Call.' + event, (e) => Logger.write(name + ' ' + e.name + ' ' + e.code + ' ' + e.reason + ' ' + (e.call === call) + (e.id === call.id()) + JSON.stringify(e.headers) + call.state()));
};
watch('pstn', VoxEngine.callPSTN('+15550101', '15550100'));
watch('user', VoxEngine.callUser({ username: 'alice', callerid: '15550100', displayName: 'Shop', extraHeaders: { 'X-A': 'b' } }));
watch('old user', VoxEngine.callUser('bob', '15550100', 'Shop', { 'X-A': 'b' }));
watch('sip', VoxEngine.callSIP('sip:a@sip.example', { callerid: '15550100', displayName: 'Shop' }));
watch('old sip', VoxEngine.callSIP('sip:b@sip.example', '15550100', 'Shop', 'password', 'auth'));
watch('conference', VoxEngine.callConference('room', '15550100', 'Shop'));
watch('whatsapp', VoxEngine.callWhatsappUser({ number: '15550102', callerid: '15550100' }));
for (const place of [() => VoxEngine.callPSTN('1', 'a b'), () => VoxEngine.callPSTN(), () => VoxEngine.callUserDirect({}, 'x'), () => VoxEngine.callPSTN('1'.repeat(100000), '')])
  try { place(); Logger.write('accepted'); } catch (error) { Logger.write(`${error}`); }
Logger.write('events come after the block');
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: Call with params [id = F400927857AAF64114F561BAACB37970; type = pstn; number = +15550101; callerid = 15550100; ]
  place 1 pstn +15550101 by '15550100' called ''
  log pstn 32 | PROGRESSING | +15550101 | 15550100 |  | pstn | false
  log Executing JS command: Call with params [id = 8C79A1DC1476AB573216A4020764BDE5; type = user; number = alice; callerid = 15550100; ]
  place 2 user alice by '15550100' called 'Shop'
    header X-A: b
  log user 32 | PROGRESSING | alice | 15550100 | Shop | user | false
  log Executing JS command: Call with params [id = 45C143DBB9609C22AB855D60925A9976; type = user; number = bob; callerid = 15550100; ]
  place 3 user bob by '15550100' called 'Shop'
    header X-A: b
  log old user 32 | PROGRESSING | bob | 15550100 | Shop | user | false
  log Executing JS command: Call with params [id = 03D78A3F20D154ABD8DDFA6974EEDF6B; type = sip; number = sip:a@sip.example; callerid = 15550100; ]
  place 4 sip sip:a@sip.example as '' with '' through '' by '15550100' called 'Shop'
  log sip 32 | PROGRESSING | sip:a@sip.example | 15550100 | Shop | sip | false
  log Executing JS command: Call with params [id = 3784290C606B04FDC0720400C961E366; type = sip; number = sip:b@sip.example; callerid = 15550100; ]
  place 5 sip sip:b@sip.example as 'auth' with 'password' through '' by '15550100' called 'Shop'
  log old sip 32 | PROGRESSING | sip:b@sip.example | 15550100 | Shop | sip | false
  log Executing JS command: Call with params [id = B6EA14D411FCC53DEA4F44C9BB4D7408; type = user; number = room; callerid = 15550100; ]
  log conference 32 | PROGRESSING | room | 15550100 | Shop | user | false
  log Executing JS command: Call with params [id = DE0EA89A53F1ECF3F3D0A462FB77D2BA; type = wab; number = 15550102; callerid = 15550100; ]
  log whatsapp 32 | PROGRESSING | 15550102 | 15550100 |  | wab | false
  log Error: white space in a caller id is not allowed
  log TypeError: the destination must be a string, not undefined
  log TypeError: incomingCall must be a Call, not object
  log Error: the destination, the caller id and other texts of a call may have 4096 bytes each
  log events come after the block
  log Sent event to JS Application.Started
  -- 0: an event of the session's own
  log Sent event to JS Call.Failed with params [id = B6EA14D411FCC53DEA4F44C9BB4D7408; code = 501; reason = callConference is not yet available in Cordboard; ]
  log conference Call.Failed 501 callConference is not yet available in Cordboard truetrue{}TERMINATED
  -- 0: an event of the session's own
  log Sent event to JS Call.Failed with params [id = DE0EA89A53F1ECF3F3D0A462FB77D2BA; code = 501; reason = callWhatsappUser is not yet available in Cordboard; ]
  log whatsapp Call.Failed 501 callWhatsappUser is not yet available in Cordboard truetrue{}TERMINATED
at 100 call 1 failed 404 Not Found
  log Sent event to JS Call.Failed with params [id = F400927857AAF64114F561BAACB37970; code = 404; reason = Not Found; ]
  log pstn Call.Failed 404 Not Found truetrue{}TERMINATED
at 101 call 2 ringing
  log Sent event to JS Call.Ringing with params [id = 8C79A1DC1476AB573216A4020764BDE5; ]
  log user Call.Ringing undefined undefined truetrue{}PROGRESSING
at 102 call 2 connected
  log Sent event to JS Call.Connected with params [id = 8C79A1DC1476AB573216A4020764BDE5; sipCallId = a1b2@sip.example; sipTransport = udp; ]
  log user Call.Connected undefined undefined truetrue{}CONNECTED
at 103 call 3 failed 480 [X-Why: asleep] User offline
  log Sent event to JS Call.Failed with params [id = 45C143DBB9609C22AB855D60925A9976; code = 480; reason = User offline; ]
  log old user Call.Failed 480 User offline truetrue{"X-Why":"asleep"}TERMINATED
at 104 call 2 disconnected 200 Normal call clearing
  log Sent event to JS Call.Disconnected with params [id = 8C79A1DC1476AB573216A4020764BDE5; duration = 1; internalCode = 200; reason = Normal call clearing; ]
  log user Call.Disconnected undefined Normal call clearing truetrue{"Reason":"SIP;cause=200;text=\"Normal call clearing\""}TERMINATED
at 200 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
    call to pstn +15550101 by '15550100' after 0 s: 404 Not Found, not successful
    call to user alice by '15550100' after 1 s: 200 Normal call clearing, successful
    call to user bob by '15550100' after 0 s: 480 User offline, not successful
    call to sip sip:a@sip.example by '15550100' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to sip sip:b@sip.example by '15550100' after 0 s: 487 The session ended, not successful
      The session ended before the call was answered: Terminated administratively.
    call to user room by '15550100' after 0 s: 501 callConference is not yet available in Cordboard, not successful
    call to user 15550102 by '15550100' after 0 s: 501 callWhatsappUser is not yet available in Cordboard, not successful
