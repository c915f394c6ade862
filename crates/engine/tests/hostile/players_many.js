// Thousands of players: ten live at a time, and the rest are errors; made and stopped for ever they run into the limit of a turn.
// ENDS: Normal termination
// LOG: made 10 refused 4990
// LOG: stopped some
// LOG: caught one turn may do things
let made = 0, refused = 0;
const players = [];
for (let i = 0; i < 5000; i += 1) try { players.push(VoxEngine.createURLPlayer('https://a.example/' + i, true)); made += 1; } catch (error) { refused += 1; }
Logger.write(`made ${made} refused ${refused}`);
for (const player of players) player.stop();
let stopped = 0;
try { for (;;) { VoxEngine.createToneScriptPlayer('440@-19;1').stop(); stopped += 1; } } catch (error) { Logger.write('stopped ' + (stopped > 100 ? 'some' : stopped) + ': ' + error.message); }
const call = VoxEngine.callUser('a', 'b');
setTimeout(() => { try { for (;;) call.sendMediaTo(call); } catch (error) { Logger.write('caught ' + error.message); } VoxEngine.terminate(); }, 100);
