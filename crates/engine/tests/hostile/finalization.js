// FinalizationRegistry and WeakRef whose callbacks make new garbage and call the platform.
// ENDS: JS session error
const registry = new FinalizationRegistry((held) => { registry.register({}, held); if (held === 'log') Logger.write('finalised'); });
for (let i = 0; i < 5000; i += 1) registry.register({ i }, i === 0 ? 'log' : i);
globalThis.cycle = { registry }; cycle.self = cycle; registry.register(cycle, 'cycle');
const ref = new WeakRef({ a: 1 });
setTimeout(() => { Logger.write(typeof ref.deref()); VoxEngine.terminate(); }, 10);
VoxEngine.addEventListener('Application.Terminated', () => { for (let i = 0; i < 1000; i += 1) registry.register({}, 'end'); });
