// Dates out of every range, setters, and a clock that author code breaks.
// ENDS: Normal termination
// LOG: undefined
const date = new Date();
for (const name of Object.getOwnPropertyNames(Date.prototype)) if (/^set/.test(name)) for (const value of [NaN, Infinity, -1e300, 8.64e15, 8.64e15 + 1, {}, '9', undefined]) { try { date[name](value); } catch (error) {} try { date.toISOString(); } catch (error) {} date.setTime(0); }
Date.now = () => 0; Date.prototype.getTime = () => { throw 1; }; Math.random = () => 4;
delete globalThis.Date;
Logger.write(typeof Date);
setTimeout(VoxEngine.terminate, 10);
