// A buffer that shrinks and detaches while an op reads its owner.
// ENDS: Normal termination
// LOG: sent
const buffer = new ArrayBuffer(1 << 20, { maxByteLength: 1 << 21 });
const view = new Uint8Array(buffer);
const attempt = (make) => { try { make(); Logger.write('sent'); } catch (error) { Logger.write(error.message); } };
attempt(() => Net.httpRequest('https://a.example/', () => {}, { postData: view, get headers() { buffer.resize(0); return {}; } }));
const other = new Uint8Array(1 << 20);
attempt(() => Net.httpRequest('https://a.example/', () => {}, { postData: other, get method() { other.buffer.transfer(); return 'POST'; } }));
attempt(() => Net.httpRequest('https://a.example/', () => {}, { postData: other }));
const list = { length: 100 };
for (let i = 0; i < 100; i += 1) Object.defineProperty(list, i, { get() { list.length = 0; delete list[i + 1]; return i; }, configurable: true });
attempt(() => Net.httpRequest('https://a.example/', () => {}, { postData: list }));
VoxEngine.terminate();
