// Setters, proxies and frozen objects in the place of globals that are loaded lazily.
// ENDS: Normal termination
// LOG: Net true
// LOG: callPSTN function
// NEVER: never:
Net = { fake: true };
Logger.write('Net ' + Net.fake);
const { get } = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
Logger.write('getter ' + (get() === get()) + typeof get.call({}));
Object.defineProperty(globalThis, 'Crypto', { set(value) { Logger.write('never: set ' + value); }, get() { return 1; }, configurable: true });
Object.freeze(VoxEngine);
for (const name of ['callPSTN', 'callUser', 'easyProcess']) try { Logger.write(name + ' ' + typeof VoxEngine[name]); } catch (error) { Logger.write(name + ' ' + error.name); }
const proxy = new Proxy(VoxEngine, { get: (target, name) => Reflect.get(target, name) });
proxy.addEventListener('Application.Started', proxy.terminate);
Logger.write(Object.getOwnPropertyNames(globalThis).filter((name) => { try { globalThis[name]; return false; } catch (error) { return true; } }).join());
