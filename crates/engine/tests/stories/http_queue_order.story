# Waiting requests begin in their order as others are answered, and an overflow does not take a place for long.
--- scenario s
for (let i = 1; i <= 6; i += 1) Net.httpRequest('https://a.example/' + i, (r) => Logger.write(i + ' ' + r.text), { enableSystemLog: false });
--- transcript
at 0 start
  log Loading scenario s
  http 1 GET https://a.example/1
  http 2 GET https://a.example/2
  http 3 GET https://a.example/3
  log Sent event to JS Application.Started
at 10 http 2 200 two
  http 4 GET https://a.example/4
  log 2 two
at 20 http 3 200 three
  http 5 GET https://a.example/5
  log 3 three
at 30 http 1 200 one
  http 6 GET https://a.example/6
  log 1 one
at 40 http 6 200 six
  log 6 six
at 50 http 5 200 five
  log 5 five
at 60 http 4 200 four
  log 4 four
at 70 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
