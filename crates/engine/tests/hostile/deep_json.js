// JSON that is nested a hundred thousand deep, read and written.
// ENDS: Normal termination
// LOG: parse
for (const open of ['[', '{"a":']) try { JSON.parse(open.repeat(100000)); } catch (error) { Logger.write('parse ' + error.name); }
let nested = 1;
for (let i = 0; i < 100000; i += 1) nested = [nested];
try { JSON.stringify(nested); Logger.write('written'); } catch (error) { Logger.write('stringify ' + error.name); }
Logger.write(nested);
try { String(nested); } catch (error) { Logger.write('join ' + error.name); }
try { nested.flat(Infinity); } catch (error) { Logger.write('flat ' + error.name); }
VoxEngine.terminate();
