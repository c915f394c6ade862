# What an HttpRequest handler returns becomes the answer.
--- scenario s
const values = {
  string: () => 'plain',
  number: () => 42,
  fraction: () => 0.5,
  object: () => ({ a: 1, b: [2, { c: null }], d: undefined }),
  empty: () => '',
  nothing: () => {},
  null: () => null,
  boolean: () => false,
  array: () => [1, 'two', undefined],
  date: () => new Date(0),
  function: () => () => 1,
  symbol: () => Symbol('s'),
  promise: () => Promise.resolve({ later: true }),
  promised_text: async () => 'async text',
  promised_nothing: async () => {},
  slow: () => new Promise((resolve) => setTimeout(() => resolve('in time'), 2000)),
  thenable: () => ({ then(resolve) { resolve('from a thenable'); } }),
  rejected: async () => { throw new Error('no such order'); },
  rejected_later: () => new Promise((_, reject) => setTimeout(() => reject('late no'), 3000)),
  promised_circle: async () => { const circle = {}; circle.self = circle; return circle; },
  unicode: () => 'ü€😀\ud800',
};
VoxEngine.addEventListener('Application.HttpRequest', (e) => values[e.content]());
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
at 10 request 1 POST /r string
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 1 200 text plain
at 20 request 2 POST /r number
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 2 200 text 42
at 30 request 3 POST /r fraction
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 3 200 text 0.5
at 40 request 4 POST /r object
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 4 200 json {"a":1,"b":[2,{"c":null}]}
at 50 request 5 POST /r empty
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 5 200 text
at 60 request 6 POST /r nothing
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 6 200 empty
at 70 request 7 POST /r null
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 7 200 json null
at 80 request 8 POST /r boolean
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 8 200 json false
at 90 request 9 POST /r array
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 9 200 json [1,"two",null]
at 100 request 10 POST /r date
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 10 200 json "1970-01-01T00:00:00.000Z"
at 110 request 11 POST /r function
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 11 200 empty
at 120 request 12 POST /r symbol
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 12 200 empty
at 130 request 13 POST /r promise
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 13 200 json {"later":true}
at 140 request 14 POST /r promised_text
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 14 200 text async text
at 150 request 15 POST /r promised_nothing
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 15 200 empty
at 160 request 16 POST /r slow
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
at 170 request 17 POST /r thenable
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 17 200 text from a thenable
at 180 request 18 POST /r rejected
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 18 500 empty
  log The promise of an HttpRequest handler was rejected: Error: no such order
at 190 request 19 POST /r rejected_later
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
at 200 request 20 POST /r promised_circle
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 20 500 empty
  log The promise of an HttpRequest handler was rejected: TypeError: circular reference
at 210 request 21 POST /r unicode
  log Sent event to JS Application.HttpRequest with params [method = POST; path = /r; ]
  answer 21 200 text ü€😀�
  -- 2160: a timer
  answer 16 200 text in time
  -- 3190: a timer
  answer 19 500 empty
  log The promise of an HttpRequest handler was rejected: late no
at 5000 request 40 GET /x [x-lower: 1] [X-UPPER: 2] [User-Agent: n] [Content-Type: n] [XY: n] string
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /x; ]
  answer 40 200 text plain
at 6000 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
