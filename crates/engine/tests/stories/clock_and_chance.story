# The clock stands still in a turn and is UTC; chance comes from the seed.
idle_ms = 100000000
--- scenario s
const first = Date.now();
for (let i = 0; i < 100000; i += 1);
Logger.write(`${first === Date.now()} ${first} ${new Date().toISOString()} ${new Date().getTimezoneOffset()} ${new Date().getHours()}`);
Logger.write(Date().slice(0, 24) + ' ' + typeof Date());
Logger.write(`${new Date(2026, 0, 1, 12).toISOString()} ${Date.UTC(2026, 0)} ${Date.parse('2026-01-01T00:00:00')} ${new Date(0) instanceof Date} ${Date.name} ${Date.length}`);
class Later extends Date { plus() { return new Later(+this + 1000); } }
Logger.write(new Later().plus().toISOString() + ' ' + (new Later() instanceof Later));
Logger.write([Math.random(), Math.random(), Math.random()].join());
Logger.write([typeof performance, typeof setImmediate, typeof process, typeof window, typeof fetch].join());
setTimeout(() => Logger.write(new Date().toISOString()), 86400000);
--- transcript
at 0 start
  log Loading scenario s
  log true 1767225600000 2026-01-01T00:00:00.000Z 0 0
  log Thu Jan 01 2026 00:00:00 string
  log 2026-01-01T12:00:00.000Z 1767225600000 1767225600000 true Date 7
  log 2026-01-01T00:00:01.000Z true
  log 0.2576700652649109,0.43935702292436196,0.34246004113504636
  log undefined,undefined,undefined,undefined,undefined
  log Sent event to JS Application.Started
  -- 86400000: a timer
  log 2026-01-02T00:00:00.000Z
at 86400000 run
at 86400001 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
