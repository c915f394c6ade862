// Recursion without end, many times, with errors swallowed.
// ENDS: Normal termination
// LOG: true
// NEVER: never
let depth = 0;
const down = () => { depth += 1; down(); };
for (let i = 0; i < 20; i += 1) try { down(); } catch (error) { if (i === 0) Logger.write(error.name + ' ' + (depth > 500)); }
const up = { toString() { return `${up}`; } };
try { `${up}`; } catch (error) { Logger.write('toString ' + error.name); }
const getter = { get x() { return this.x; } };
try { getter.x; } catch (error) { Logger.write('getter ' + error.name); }
let proxy = {};
for (let i = 0; i < 5000; i += 1) proxy = new Proxy(proxy, {});
try { proxy.x; } catch (error) { Logger.write('proxy ' + error.name); }
try { Object.keys(proxy); } catch (error) { Logger.write('keys ' + error.name); }
const loop = new Proxy({}, { get(target, name, self) { return self[name]; } });
try { loop.x; } catch (error) { Logger.write('loop ' + error.name); }
proxy = null;
const bound = Array.from({ length: 500 }).reduce((f) => f.bind(null), () => 1);
try { bound(); } catch (error) { Logger.write('bound ' + error.name); }
class A { constructor() { new A(); } }
try { new A(); } catch (error) { Logger.write('class ' + error.name); }
VoxEngine.terminate();
