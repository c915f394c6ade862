# Mail: its fields, two active and ten in all, results.
--- scenario s
Net.sendMail('smtp.example', 'from@example', 'to@example', 'Hello', 'Body ü', (r) => Logger.write('sent ' + JSON.stringify(r)), { login: 'l', password: 'p', port: 2525, cc: ['c@example', 'd@example'], bcc: 'e@example', html: '<b>B</b>' });
Net.sendMailAsync('smtp.example', 'from@example', ['a@example', 'b@example'], 'Second', 'Body').then((r) => Logger.write('async ' + JSON.stringify(r)));
for (let i = 3; i <= 10; i += 1) Net.sendMail('smtp.example', 'f@example', 't@example', 'n' + i, '');
try { Net.sendMail('smtp.example', 'f@example', 't@example', 'n11', '', () => {}); } catch (error) { Logger.write(`${error}`); }
Net.sendMailAsync('smtp.example', 'f@example', 't@example', 'n12', '').then(() => Logger.write('never'), (error) => Logger.write('rejected ' + error));
try { Net.sendMail('smtp.example', 'f@example', Array(101).fill('t@example'), 't', ''); } catch (error) { Logger.write(`${error}`); }
try { Net.sendMail(undefined, 'f@example', 't@example', 't', ''); } catch (error) { Logger.write(`${error}`); }
try { Net.sendMail('smtp.example', 'f@example', 't@example', 't', '', () => {}, { port: 99999 }); } catch (error) { Logger.write(`${error}`); }
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: SendMail with params [id = 1; server = smtp.example; recipients = 4; ]
  mail 1 {"server":"smtp.example","port":2525,"login":"l","password":"p","from":"from@example","to":["to@example"],"cc":["c@example","d@example"],"bcc":["e@example"],"subject":"Hello","text":"Body ü","html":"<b>B</b>"}
  log Executing JS command: SendMail with params [id = 2; server = smtp.example; recipients = 2; ]
  mail 2 {"server":"smtp.example","port":null,"login":null,"password":null,"from":"from@example","to":["a@example","b@example"],"cc":[],"bcc":[],"subject":"Second","text":"Body","html":null}
  log Executing JS command: SendMail with params [id = 3; server = smtp.example; recipients = 1; ]
  log Executing JS command: SendMail with params [id = 4; server = smtp.example; recipients = 1; ]
  log Executing JS command: SendMail with params [id = 5; server = smtp.example; recipients = 1; ]
  log Executing JS command: SendMail with params [id = 6; server = smtp.example; recipients = 1; ]
  log Executing JS command: SendMail with params [id = 7; server = smtp.example; recipients = 1; ]
  log Executing JS command: SendMail with params [id = 8; server = smtp.example; recipients = 1; ]
  log Executing JS command: SendMail with params [id = 9; server = smtp.example; recipients = 1; ]
  log Executing JS command: SendMail with params [id = 10; server = smtp.example; recipients = 1; ]
  log Error: Exceeded the SMTP connection count limit! At most 10 mails may be under way.
  log Error: Exceeded the SMTP connection count limit! At most 10 mails may be under way.
  log TypeError: mailServerAddress must be a string, not undefined
  log RangeError: port must be a whole number from 1 to 65535, not 99999
  log rejected Error: Exceeded the SMTP connection count limit! At most 10 mails may be under way.
  log Sent event to JS Application.Started
at 10 mail 1 0
  mail 3 {"server":"smtp.example","port":null,"login":null,"password":null,"from":"f@example","to":["t@example"],"cc":[],"bcc":[],"subject":"n3","text":"","html":null}
  log sent {"code":0}
at 20 mail 2 535 authentication failed
  mail 4 {"server":"smtp.example","port":null,"login":null,"password":null,"from":"f@example","to":["t@example"],"cc":[],"bcc":[],"subject":"n4","text":"","html":null}
  log async {"code":535,"error":"authentication failed"}
at 25 mail 2 0
at 30 stop Terminated administratively
  log 6 waiting requests were dropped: the session is ending
at 40 mail 3 0
at 50 mail 4 0
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
