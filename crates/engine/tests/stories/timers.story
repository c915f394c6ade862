# Order, nesting, arguments, defaults, clearing.
--- scenario s
const log = (text) => () => Logger.write(text + ' at ' + Date.now() % 100000);
setTimeout(log('20 first'), 20);
setTimeout(log('10'), 10);
setTimeout(log('20 second'), 20);
setTimeout(log('none'));
setTimeout(log('negative'), -5);
setTimeout(log('text'), '30');
setTimeout(log('words'), 'soon');
setTimeout((a, b, ...rest) => Logger.write('arguments ' + a + b + rest), 40, 1, 2, 3, 4);
setTimeout(() => { Logger.write('outer'); setTimeout(log('inner'), 0); Logger.write('outer goes on'); }, 50);
const cleared = setTimeout(log('never'), 60);
setTimeout(() => clearTimeout(cleared), 55);
const same = setTimeout(log('never either'), 70);
setTimeout(() => { clearInterval(same); clearTimeout(same); clearTimeout(undefined); clearTimeout('x'); clearTimeout(99999); clearTimeout({}); }, 65);
let runs = 0;
const id = setInterval((word) => { runs += 1; Logger.write(word + runs + ' at ' + Date.now() % 100000); if (runs === 3) clearInterval(id); }, 10, 'tick ');
Logger.write(typeof id);
try { setTimeout('code', 1); } catch (error) { Logger.write(`${error}`); }
try { setInterval(); } catch (error) { Logger.write(`${error}`); }
Promise.resolve().then(() => Logger.write('microtask'));
setTimeout(() => Promise.resolve().then(log('microtask of a timer')), 80);
setTimeout(log('right after it'), 80);
--- transcript
at 0 start
  log Loading scenario s
  log number
  log TypeError: the handler of a timer must be a function, not a string
  log TypeError: the handler of a timer must be a function, not undefined
  log microtask
  log Sent event to JS Application.Started
  -- 0: a timer
  log none at 0
  -- 0: a timer
  log negative at 0
  -- 0: a timer
  log words at 0
  -- 10: a timer
  log 10 at 10
  -- 20: a timer
  log 20 first at 20
  -- 20: a timer
  log 20 second at 20
  -- 30: a timer
  log text at 30
  -- 40: a timer
  log arguments 123,4
  -- 50: a timer
  log outer
  log outer goes on
  -- 50: a timer
  log inner at 50
  -- 55: a timer
  -- 65: a timer
  -- 80: a timer
  log microtask of a timer at 80
  -- 80: a timer
  log right after it at 80
  -- 100: a timer
  log tick 1 at 100
  -- 200: a timer
  log tick 2 at 200
  -- 300: a timer
  log tick 3 at 300
at 1000 run
at 2000 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
