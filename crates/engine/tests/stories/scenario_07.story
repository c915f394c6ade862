# The control URL steers a session (test scenario 07 without its call).
idle_ms = 600000
--- scenario s
let n = 0;
VoxEngine.addEventListener('Application.HttpRequest', (e) => {
  n += 1;
  Logger.write(`T07 ${e.method} ${e.path} ${e.content} ${JSON.stringify(e.headers)}`);
  let body = {};
  try { body = JSON.parse(e.content || '{}'); } catch (err) { return { error: String(err.message) }; }
  switch (body.cmd) {
    case 'status': return { state: 'none', n: n };
    case 'text': return 'hello';
    case 'number': return 42;
    case 'hangup': setTimeout(VoxEngine.terminate, 0); return { ok: true };
    default: return { n: n };
  }
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 request 1 POST /request/4711/t0ken0123456789 [X-Trace: abc] [Host: box] {"cmd":"status"}
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /request/4711/***; ]
  log T07 POST /request/4711/*** {"cmd":"status"} [{"key":"X-Trace","value":"abc"}]
  answer 1 200 json {"state":"none","n":1}
at 20 request 2 POST /request/4711/t0ken0123456789 {"cmd":"text"}
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /request/4711/***; ]
  log T07 POST /request/4711/*** {"cmd":"text"} []
  answer 2 200 text hello
at 30 request 3 POST /request/4711/t0ken0123456789 {"cmd":"number"}
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /request/4711/***; ]
  log T07 POST /request/4711/*** {"cmd":"number"} []
  answer 3 200 text 42
at 40 request 4 GET /request/4711/t0ken0123456789
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /request/4711/***; ]
  log T07 GET /request/4711/***  []
  answer 4 200 json {"n":4}
at 50 request 5 POST /request/4711/t0ken0123456789 {"cmd":
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /request/4711/***; ]
  log T07 POST /request/4711/*** {"cmd": []
  answer 5 200 json {"error":"Unexpected end of JSON input"}
at 60 request 6 POST /request/4711/t0ken0123456789 {"cmd":"hangup"}
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /request/4711/***; ]
  log T07 POST /request/4711/*** {"cmd":"hangup"} []
  answer 6 200 json {"ok":true}
  -- 60: a timer
  log Terminating request..., stack=
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
at 61 run
at 62 request 7 GET /request/4711/t0ken0123456789
  answer 7 404 empty
