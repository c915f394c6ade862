# Secrets by name; an unknown one is undefined; they are handed on but not logged by the platform.
secret API_KEY = sk-live-0123456789
secret QUOTED = hush "quoted"
secret PIN = 1234
--- scenario s
Logger.write(typeof VoxEngine.getSecretValue('API_KEY') + ' ' + VoxEngine.getSecretValue('UNKNOWN') + ' ' + VoxEngine.getSecretValue('constructor'));
try { VoxEngine.getSecretValue(); } catch (error) { Logger.write(error.message); }
Net.httpRequest('https://a.example/?key=' + VoxEngine.getSecretValue('API_KEY'), (r) => { Logger.write('echo ' + r.text); }, { method: 'POST', headers: { Authorization: 'Bearer ' + VoxEngine.getSecretValue('API_KEY') }, postData: JSON.stringify({ key: VoxEngine.getSecretValue('QUOTED') }) });
VoxEngine.addEventListener('Application.HttpRequest', (e) => (e.content === VoxEngine.getSecretValue('API_KEY') ? 'welcome ' + e.content : 'no'));
--- transcript
at 0 start
  log Loading scenario s
  log string undefined undefined
  log name must be a string, not undefined
  log Executing JS command: HttpRequest with params [id = 1; method = POST; url = https://a.example/; body = 25 bytes; ]
  http 1 POST https://a.example/?key=sk-live-0123456789
    header Authorization: Bearer sk-live-0123456789
    body {"key":"hush \"quoted\""}
  log Sent event to JS Application.Started
at 10 http 1 200 {"Authorization":"Bearer sk-live-0123456789","key":"hush \"quoted\""}
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log echo {"Authorization":"Bearer sk-live-0123456789","key":"hush \"quoted\""}
at 20 request 1 POST / sk-live-0123456789
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  answer 1 200 text welcome sk-live-0123456789
at 30 request 2 POST / sk-live-wrong
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  answer 2 200 text no
at 40 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
