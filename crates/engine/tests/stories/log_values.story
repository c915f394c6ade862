# What the log makes of values.
--- scenario s
for (const value of ['text', 1, -0, null, undefined, true, 10n, Symbol('s'), [1, 'a'], { a: { b: 1 } }, new Error('e'), new TypeError('t'), () => 1, new Date(0), new Map(), /x/g]) Logger.write(value);
const circle = { name: 'c' }; circle.self = circle;
Logger.write(circle);
Logger.write({ toString() { throw 1; }, toJSON() { throw 2; } });
Logger.write(Object.create(null));
Logger.write('two\nlines');
console.log('several', 1, { a: 1 }, [2]);
console.log();
console.error('e'); console.warn('w'); console.info('i'); console.debug('d');
trace('t');
Logger.hideTones(true);
--- transcript
at 0 start
  log Loading scenario s
  log text
  log 1
  log 0
  log null
  log undefined
  log true
  log 10
  log Symbol
  log [1,"a"]
  log {"a":{"b":1}}
  log Error: e
  log TypeError: t
  log () => 1
  log "1970-01-01T00:00:00.000Z"
  log {}
  log {}
  log [object Object]
  log [object]
  log {}
  log two
  | lines
  log several 1 {"a":1} [2]
  log
  log e
  log w
  log i
  log d
  log t
  log Sent event to JS Application.Started
at 1 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
