# What is wrong with a request is said where it is written, and nothing goes out.
--- scenario s
const tries = {
  callback: () => Net.httpRequest('https://a.example/', 'text'),
  url: () => Net.httpRequest({}, () => {}),
  options: () => Net.httpRequest('https://a.example/', () => {}, 'POST'),
  method: () => Net.httpRequest('https://a.example/', () => {}, { method: 'GET / HTTP/1.1\r\n' }),
  header: () => Net.httpRequest('https://a.example/', () => {}, { headers: ['no colon'] }),
  headers: () => Net.httpRequest('https://a.example/', () => {}, { headers: 'X: y' }),
  headerType: () => Net.httpRequest('https://a.example/', () => {}, { headers: [null] }),
  headerSize: () => Net.httpRequest('https://a.example/', () => {}, { headers: { X: 'y'.repeat(40000) } }),
  headerBreak: () => Net.httpRequest('https://a.example/', () => {}, { headers: { X: 'a\r\nB: c' } }),
  headerName: () => Net.httpRequest('https://a.example/', () => {}, { headers: { 'X Y': 'a' } }),
  body: () => Net.httpRequest('https://a.example/', () => {}, { postData: () => {} }),
  bodyObject: () => Net.httpRequest('https://a.example/', () => {}, { postData: { a: 1 } }),
  bodyBytes: () => Net.httpRequest('https://a.example/', () => {}, { postData: [1, 256] }),
  bodySize: () => Net.httpRequest('https://a.example/', () => {}, { postData: 'x'.repeat(5000000) }),
  urlSize: () => Net.httpRequest('https://a.example/' + 'x'.repeat(100000), () => {}),
  params: () => Net.httpRequest('https://a.example/', () => {}, { params: { a: {} } }),
  timeout: () => Net.httpRequest('https://a.example/', () => {}, { timeout: 'soon' }),
};
for (const name of Object.keys(tries)) try { tries[name](); Logger.write(name + ': accepted'); } catch (error) { Logger.write(`${name}: ${error}`); }
Net.httpRequestAsync(null).catch((error) => Logger.write('async: ' + error));
--- transcript
at 0 start
  log Loading scenario s
  log callback: TypeError: the callback must be a function, not a string
  log url: TypeError: url must be a string, not object
  log options: TypeError: options must be an object, not a string
  log method: Error: method 'GET / HTTP/1.1
  | ' is none of HTTP
  log header: Error: a header must be 'Name: value'
  log headers: TypeError: headers must be an object or a list, not a string
  log headerType: TypeError: headers[0] must be 'Name: value' or {name, value}, not null
  log headerSize: Error: headers may have 32768 bytes in all
  log headerBreak: Error: header 'X' is none of HTTP
  log headerName: Error: header 'X Y' is none of HTTP
  log body: TypeError: postData must be a string or a list of bytes, not a function
  log bodyObject: TypeError: bytes must be a list of numbers from 0 to 255
  log bodyBytes: TypeError: byte 1 must be a whole number from 0 to 255, not 256
  log bodySize: Error: postData may have 4194304 bytes
  log urlSize: Error: a URL and its params may have 65536 bytes
  log params: TypeError: params.a must be a string, not object
  log timeout: TypeError: timeout must be a number, not a string
  log async: TypeError: url must be a string, not null
  log Sent event to JS Application.Started
at 1 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
