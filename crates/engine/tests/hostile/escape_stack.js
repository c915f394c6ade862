// The op table by call sites, arguments.callee, caller and prepareStackTrace.
// ENDS: Normal termination
// LOG: undefined
// NEVER: never:
const found = [];
const look = (error, sites) => { if (typeof sites === 'object' && sites !== null) for (let i = 0; i < sites.length; i += 1) if (typeof sites[i].getFunction === 'function') { const f = sites[i].getFunction(); if (f) { found.push(f); Logger.write('never: a call site gave ' + f.name); } } return 'stack'; };
Error.prepareStackTrace = look;
Object.defineProperty(Error, 'prepareStackTrace', { get: () => look, configurable: true });
for (const limit of [{}, [], 1e9, -1, 'x', null, { valueOf() { throw 1; } }, {}]) Error.stackTraceLimit = limit;
Logger.write(typeof Error.captureStackTrace);
const holder = {};
try { Error.captureStackTrace(holder); } catch (error) { Logger.write(error.name); }
function sloppy() { const own = sloppy.caller; if (own) Logger.write('never: caller ' + own); try { const { callee } = arguments; if (callee.caller) Logger.write('never: callee ' + callee.caller); } catch (error) { } }
VoxEngine.addEventListener('Application.Started', sloppy);
setTimeout(sloppy, 1);
for (const wrong of [() => VoxEngine.customData({}), () => VoxEngine.customData('x'.repeat(100000)), () => Net.httpRequest('x', () => {}, { method: '!' }), () => VoxEngine.createWebSocket('http://')]) try { wrong(); } catch (error) { look(error, error.stack); void error.stack; if (typeof error.stack !== 'string') Logger.write('never: ' + typeof error.stack); }
JSON.stringify({ toJSON() { try { null.x; } catch (error) { Logger.write(error.stack.includes('deliver') ? 'named only' : 'own'); } } });
setTimeout(VoxEngine.terminate, 10);
