// SharedArrayBuffer, Atomics and WebAssembly are absent or harmless.
// ENDS: Normal termination
Logger.write([typeof WebAssembly, typeof SharedArrayBuffer, typeof Atomics].join());
const attempt = (name, make) => { try { Logger.write(name + ' ' + make()); } catch (error) { Logger.write(name + ' refused ' + error.name); } };
attempt('shared', () => new SharedArrayBuffer(1024).byteLength);
attempt('growable', () => { const b = new SharedArrayBuffer(8, { maxByteLength: 1 << 20 }); b.grow(1 << 20); return b.byteLength; });
attempt('many', () => { const all = []; for (let i = 0; i < 1000; i += 1) all.push(new SharedArrayBuffer(1 << 20)); return all.length; });
attempt('wait', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
attempt('wait long', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100000));
attempt('wait plain', () => Atomics.wait(new Int32Array(4), 0, 0, 100000));
attempt('async', () => typeof Atomics.waitAsync);
attempt('pause', () => { for (let i = 0; i < 1000; i += 1) Atomics.pause(1000000); return 'paused'; });
attempt('resize', () => { const b = new ArrayBuffer(8, { maxByteLength: 1 << 22 }); const v = new Uint8Array(b); b.resize(1 << 22); v[1 << 21] = 7; b.resize(1); return v[1 << 21] + ' ' + v.length; });
attempt('transfer', () => { const b = new ArrayBuffer(1 << 20); const v = new Uint8Array(b); const c = b.transfer(16); try { Net.httpRequest('https://a.example/', () => {}, { postData: v }); } catch (error) { return error.message; } return c.byteLength; });
VoxEngine.terminate();
