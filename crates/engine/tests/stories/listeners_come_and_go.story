# Adding and removing goes on as long as a session lives; only what is there counts.
--- scenario s
const E = 'Some.Event';
for (let i = 0; i < 12000; i += 1) { const handler = () => {}; VoxEngine.addEventListener(E, handler); VoxEngine.removeEventListener(E, handler); }
Logger.write('twelve thousand came and went');
let n = 0;
try { for (;;) { VoxEngine.addEventListener(E, () => {}); n += 1; } } catch (error) { Logger.write(n + ' ' + error.message); }
--- transcript
at 0 start
  log Loading scenario s
  log twelve thousand came and went
  log 1000 an event of one object may have 1000 listeners
  log Sent event to JS Application.Started
at 60 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
