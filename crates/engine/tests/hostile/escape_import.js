// Modules by import(), of the prelude and of files, and import statements.
// ENDS: Normal termination
// LOG: refused
// LOG: statement SyntaxError
// LOG: undefined,undefined,undefined,undefined,undefined,undefined
// NEVER: never:
for (const name of ['session', 'net', './session.js', '/etc/passwd', 'file:///etc/passwd', 'std', 'os', 'qjs:std', 'qjs:os', 'bjson'])
  import(name).then((got) => Logger.write('never: imported ' + name), (error) => Logger.write('refused ' + error.name));
try { eval("import x from 'session'; x;"); } catch (error) { Logger.write('statement ' + error.name); }
try { eval("import.meta"); } catch (error) { Logger.write('meta ' + error.name); }
Logger.write([typeof std, typeof os, typeof scriptArgs, typeof print, typeof loadScript, typeof __loadScript].join());
setTimeout(VoxEngine.terminate, 10);
