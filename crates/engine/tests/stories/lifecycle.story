# Several files run in one global scope in order; then Started; a request is answered; terminate ends the session.
custom_data = +15551234
--- scenario first
const GREETING = 'hello';
function greet(name) { return GREETING + ' ' + name; }
Logger.write('top of first, custom data ' + VoxEngine.customData());
--- scenario second
Logger.write('second sees ' + greet('world'));
VoxEngine.addEventListener('Application.Started', (e) => { Logger.write(e); Logger.write(Object.keys(e).join()); });
VoxEngine.addEventListener('Application.HttpRequest', (e) => { Logger.write(e); VoxEngine.customData('seen'); return greet(e.content); });
setTimeout(VoxEngine.terminate, 5000);
--- transcript
at 0 start
  log Loading scenario first
  log top of first, custom data +15551234
  log Loading scenario second
  log second sees hello world
  log Sent event to JS Application.Started
  log {"accessSecureURL":"https://box:8443/request/4711/***","accessURL":"http://box:8080/request/4711/***","accountId":12,"applicationId":34,"dialplanId":56,"dialplanName":"orders","domainName":"shop.acme.cordboard","logURL":"https://box:8443/logs/4711","sessionId":4711,"userId":-1}
  log accessSecureURL,accessURL,accountId,applicationId,dialplanId,dialplanName,domainName,logURL,sessionId,userId
at 100 request 1 POST /request/4711/t0ken0123456789/x [X-Trace: abc] [Accept: x] there
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /request/4711/***/x; ]
  log {"content":"there","headers":[{"key":"X-Trace","value":"abc"}],"method":"POST","path":"/request/4711/***/x"}
  answer 1 200 text hello there
  -- 5000: a timer
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
    custom data seen
at 10000 run
at 11000 request 2 GET /late
  answer 2 404 empty
