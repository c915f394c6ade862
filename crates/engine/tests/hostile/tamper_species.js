// Symbol.species, Symbol.iterator, then-getters and constructors of promises that author code gives.
// ENDS: Normal termination
// LOG: http 200
const got = [];
class Evil extends Promise { constructor(executor) { super((resolve, reject) => { got.push(resolve, reject); executor(resolve, reject); }); } static get [Symbol.species]() { return Evil; } }
Object.defineProperty(Promise, Symbol.species, { get() { return Evil; }, configurable: true });
Object.defineProperty(Promise.prototype, 'constructor', { get() { return Evil; }, configurable: true });
Object.defineProperty(Array, Symbol.species, { get() { return function () { return new Proxy([], {}); }; } });
Array.prototype[Symbol.iterator] = function* () { yield 'spied'; };
let reads = 0;
VoxEngine.addEventListener('Application.HttpRequest', () => ({ get then() { reads += 1; if (reads > 9) throw new Error('then'); return (resolve) => resolve('x'); } }));
Net.httpRequestAsync('https://a.example/').then((r) => Logger.write('http ' + r.code));
setTimeout(() => { for (let i = 0; i < got.length; i += 1) got[i]('again'); VoxEngine.terminate(); }, 100);
