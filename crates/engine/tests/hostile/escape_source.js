// Source of the prelude by toString, Function, eval and generators.
// ENDS: Normal termination
// LOG: undefined,undefined,undefined,undefined
// NEVER: never:
for (const make of [Function, (function* () {}).constructor, (async () => {}).constructor]) { const got = make('return [typeof op, typeof base, typeof deliveries, typeof deliver, typeof host]')(); if (Array.isArray(got) && got.some((kind) => kind !== 'undefined')) Logger.write('never: ' + got); }
Logger.write((0, eval)('[typeof op, typeof base, typeof deliveries, typeof waiting].join()'));
for (const f of [VoxEngine.terminate, Logger.write, setTimeout, require, Net.httpRequest]) if (/op\./.test(Function.prototype.toString.call(f))) Logger.write('never: source ' + f);
try { (function () { return this; })().op; } catch (error) {}
Logger.write(typeof this + ' ' + (this === globalThis));
class Spy { constructor() { Logger.write(String(new.target === Spy)); } }
new Spy();
VoxEngine.terminate();
