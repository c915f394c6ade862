# A hundred timers are active at once and no more; one that fired or was cleared makes room.
--- scenario s
let set = 0;
try { for (;;) { setTimeout(() => {}, 1000); set += 1; } } catch (error) { Logger.write(set + ' ' + error.message); }
VoxEngine.addEventListener('Application.HttpRequest', () => { clearTimeout(setTimeout(() => {}, 1)); return 'room'; });
setTimeout; VoxEngine.addEventListener('Application.Started', () => { try { setInterval(() => {}, 1); } catch (error) { Logger.write(error.message); } });
--- transcript
at 0 start
  log Loading scenario s
  log 100 there may be at most 100 active timers
  log Sent event to JS Application.Started
  log there may be at most 100 active timers
  -- 1000: a timer (100 times)
at 1500 request 1 GET /
  log Sent event to JS Application.HttpRequest with params [method = GET; path = /; ]
  answer 1 200 text room
at 1600 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
