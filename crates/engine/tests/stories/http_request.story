# What a request looks like, in every form that scenarios write.
idle_ms = 600000
--- scenario s
const url = 'https://user:pass@api.example/orders?key=k#f';
Net.httpRequest(url, (r) => { Logger.write(Object.keys(r).join() + ' ' + JSON.stringify(r)); });
Net.httpRequest(url, null, { method: 'post', postData: 'täxt', headers: { 'X-A': 'b', Accept: 1 } });
Net.httpRequest(url, undefined, { method: 'PUT', postData: [0, 128, 255], headers: ['X-A: b', 'Content-Type:text/plain; a:b'] });
VoxEngine.addEventListener('Application.HttpRequest', (e) => {
  switch (e.content) {
    case 'params': return void Net.httpRequest(url, () => {}, { params: { a: 'ä b', n: 1, t: true }, headers: [{ name: 'X-A', value: 'b' }, { key: 'X-C', value: 2 }] });
    case 'bytes': return void Net.httpRequest(url, (r) => Logger.write(r.data.join() + ' ' + Array.isArray(r.data) + ' ' + r.text), { rawOutput: true, postData: new Uint8Array([1, 2]), method: 'PATCH' });
    case 'quiet': return void Net.httpRequest('https://quiet.example/', (r) => Logger.write('quiet ' + r.code), { enableSystemLog: false, method: 'POST', postData: 'hidden' });
    case 'lower': return void Net.httpRequest(url, () => {}, { timeout: 1.5, connectionTimeout: '2' });
    case 'higher': return void Net.httpRequest(url, () => {}, { timeout: 900, connectionTimeout: 60 });
    case 'zero': return void Net.httpRequest(url, () => {}, { timeout: 0, connectionTimeout: -1 });
    case 'options': { const options = new Net.HttpRequestOptions(); options.method = 'DELETE'; options.headers = { A: 'b' }; return void Net.httpRequest(url, () => {}, options); }
    case 'async': return Net.httpRequestAsync(url).then((r) => r.code + ' ' + r.error + ' ' + r.text + ' ' + r.headers.length);
    case 'number': return void Net.httpRequest(url, () => {}, { method: 'POST', postData: 12 });
    case 'buffer': return void Net.httpRequest(url, () => {}, { method: 'POST', postData: new Uint8Array([104, 105]).buffer });
  }
});
--- transcript
at 0 start
  log Loading scenario s
  log Executing JS command: HttpRequest with params [id = 1; method = GET; url = https://api.example/orders; body = 0 bytes; ]
  http 1 GET https://user:pass@api.example/orders?key=k#f
  log Executing JS command: HttpRequest with params [id = 2; method = POST; url = https://api.example/orders; body = 5 bytes; ]
  http 2 POST https://user:pass@api.example/orders?key=k#f
    header X-A: b
    header Accept: 1
    body täxt
  log Executing JS command: HttpRequest with params [id = 3; method = PUT; url = https://api.example/orders; body = 3 bytes; ]
  http 3 PUT https://user:pass@api.example/orders?key=k#f
    header X-A: b
    header Content-Type: text/plain; a:b
    body bytes [0, 128, 255]
  log Sent event to JS Application.Started
at 100 http 1 200 [Content-Type: text/plain] [X-Two: 1] [X-Two: 2] body ü
  log Sent event to JS HttpRequestResult with params [id = 1; code = 200; ]
  log code,headers,raw_headers,text {"code":200,"headers":[{"key":"Content-Type","value":"text/plain"},{"key":"X-Two","value":"1"},{"key":"X-Two","value":"2"}],"raw_headers":"Content-Type: text/plain\r\nX-Two: 1\r\nX-Two: 2\r\n","text":"body ü"}
at 200 http 2 500 broken
  log Sent event to JS HttpRequestResult with params [id = 2; code = 500; ]
at 300 http 3 failed -3 host not found
  log Sent event to JS HttpRequestResult with params [id = 3; code = -3; ]
at 400 request 1 POST / params
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 4; method = GET; url = https://api.example/orders; body = 0 bytes; ]
  http 4 GET https://user:pass@api.example/orders?key=k#f
    header X-A: b
    header X-C: 2
    param a: ä b
    param n: 1
    param t: true
  answer 1 200 empty
at 410 http 4 204
  log Sent event to JS HttpRequestResult with params [id = 4; code = 204; ]
at 500 request 2 POST / bytes
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 5; method = PATCH; url = https://api.example/orders; body = 2 bytes; ]
  http 5 PATCH https://user:pass@api.example/orders?key=k#f
    body bytes [1, 2]
  answer 2 200 empty
at 510 http 5 200 bytes 104,195,255
  log Sent event to JS HttpRequestResult with params [id = 5; code = 200; ]
  log 104,195,255 true h��
at 600 request 3 POST / quiet
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  http 6 POST https://quiet.example/
    body hidden
  answer 3 200 empty
at 610 http 6 200 hidden
  log quiet 200
at 700 request 4 POST / lower
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 7; method = GET; url = https://api.example/orders; body = 0 bytes; ]
  http 7 GET https://user:pass@api.example/orders?key=k#f
    within 1500 ms, connected within 2000 ms
  answer 4 200 empty
at 710 http 7 200 ok
  log Sent event to JS HttpRequestResult with params [id = 7; code = 200; ]
at 800 request 5 POST / higher
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 8; method = GET; url = https://api.example/orders; body = 0 bytes; ]
  http 8 GET https://user:pass@api.example/orders?key=k#f
  answer 5 200 empty
at 810 http 8 200 ok
  log Sent event to JS HttpRequestResult with params [id = 8; code = 200; ]
at 900 request 6 POST / zero
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 9; method = GET; url = https://api.example/orders; body = 0 bytes; ]
  http 9 GET https://user:pass@api.example/orders?key=k#f
  answer 6 200 empty
at 910 http 9 200 ok
  log Sent event to JS HttpRequestResult with params [id = 9; code = 200; ]
at 1000 request 7 POST / options
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 10; method = DELETE; url = https://api.example/orders; body = 0 bytes; ]
  http 10 DELETE https://user:pass@api.example/orders?key=k#f
    header A: b
  answer 7 200 empty
at 1010 http 10 200 ok
  log Sent event to JS HttpRequestResult with params [id = 10; code = 200; ]
at 1100 request 8 POST / async
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 11; method = GET; url = https://api.example/orders; body = 0 bytes; ]
  http 11 GET https://user:pass@api.example/orders?key=k#f
at 1110 http 11 failed -7 the answer took too long
  log Sent event to JS HttpRequestResult with params [id = 11; code = -7; ]
  answer 8 200 text -7 the answer took too long  0
at 1120 http 11 200 twice
at 1130 http 999 200 unknown
at 1200 request 9 POST / number
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 12; method = POST; url = https://api.example/orders; body = 2 bytes; ]
  http 12 POST https://user:pass@api.example/orders?key=k#f
    body 12
  answer 9 200 empty
at 1210 http 12 200 ok
  log Sent event to JS HttpRequestResult with params [id = 12; code = 200; ]
at 1300 request 10 POST / buffer
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /; ]
  log Executing JS command: HttpRequest with params [id = 13; method = POST; url = https://api.example/orders; body = 2 bytes; ]
  http 13 POST https://user:pass@api.example/orders?key=k#f
    body hi
  answer 10 200 empty
at 1310 http 13 200 ok
  log Sent event to JS HttpRequestResult with params [id = 13; code = 200; ]
at 90000 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
