// Ten thousand rejections, with reasons that are hard to put into words.
// ENDS: Normal termination
// LOG: Uncaught (in promise) and 9909 more
const hard = () => { const error = new Error('x'); Object.defineProperty(error, 'message', { get() { for (;;); } }); Object.defineProperty(error, 'stack', { get() { for (;;); } }); return error; };
Promise.reject(hard());
Promise.reject(Object.setPrototypeOf(new Error('y'), new Proxy({}, { get() { for (;;); }, getPrototypeOf() { for (;;); }, getOwnPropertyDescriptor() { for (;;); } })));
Promise.reject(new Proxy({}, { get() { for (;;); } }));
Promise.reject(Symbol('s')); Promise.reject(2n ** 4000n); Promise.reject(null); Promise.reject(undefined); Promise.reject(() => {});
const cycle = new Error('cycle'); cycle.cause = cycle; Promise.reject(cycle);
for (let i = 0; i < 10000; i += 1) Promise.reject(i);
VoxEngine.terminate();
