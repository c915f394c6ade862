// Getters, proxies and objects with conversions are handed to every function.
// ENDS: Normal termination
// LOG: survived truetrue
let depth = 0;
const evil = () => new Proxy(function () {}, { get(target, name) { if (name === Symbol.toPrimitive) return () => { throw new Error('converted'); }; if (name === 'length') return -1; return depth++ < 10000 ? evil() : undefined; }, has: () => true, ownKeys: () => ['a', 'b', 'length', 'prototype'], getOwnPropertyDescriptor: () => ({ value: 1, configurable: true, enumerable: true }) });
const values = [evil(), new Proxy({}, { ownKeys() { throw 1; } }), new Proxy([], { get() { throw new Error('get'); } }), { toString() { return 'text'; } }, { valueOf: () => 5 }, Symbol('s'), 10n ** 30n, NaN, Infinity, -1, null, undefined, [], [[]], {}, () => {}, '\0', '\ud800', 'x'.repeat(100000), new Date(NaN), new Uint8Array(3), new Uint8Array(0).buffer, new Uint16Array(2), Object.create(null), { length: 1e300 }, { length: -1 }, { length: { valueOf() { throw 1; } } }, { then: 5 }, new (class extends Array {})(3), { get postData() { throw new TypeError('getter'); }, get callerid() { throw 1; }, get protocols() { return evil(); } }, document => document, globalThis];
require('ApplicationStorage'); require('VoximplantAPI');
const client = new VoximplantAPI.Client();
const ws = VoxEngine.createWebSocket('ws://a.example/');
ws.onopen = () => { for (const value of values) { attempt(() => ws.send(value)); } for (const value of values) attempt(() => ws.close(4000, value)); };
const call = VoxEngine.callPSTN('1', '');
let threw = 0, passed = 0;
const attempt = (make) => { try { const got = make(); passed += 1; if (got && typeof got === 'object' && got instanceof Promise) got.catch(() => {}); } catch (error) { threw += 1; } };
for (const a of values) {
  for (const make of [
    () => Logger.write(a), () => console.log(a, a), () => trace(a), () => VoxEngine.customData(a), () => VoxEngine.getSecretValue(a), () => require(a),
    () => setTimeout(a, a), () => clearTimeout(a), () => clearInterval(setTimeout(() => {}, a)), () => VoxEngine.addEventListener(a, () => {}), () => VoxEngine.removeEventListener(a, a),
    () => Net.httpRequest(a, () => {}), () => Net.httpRequest('https://a.example/', a), () => Net.httpRequest('https://a.example/', () => {}, a),
    () => Net.httpRequest('https://a.example/', () => {}, { postData: a }), () => Net.httpRequest('https://a.example/', () => {}, { headers: a }), () => Net.httpRequest('https://a.example/', () => {}, { headers: [a] }),
    () => Net.httpRequest('https://a.example/', () => {}, { headers: { a } }), () => Net.httpRequest('https://a.example/', () => {}, { params: a }), () => Net.httpRequest('https://a.example/', () => {}, { method: a, timeout: a, connectionTimeout: a, rawOutput: a, enableSystemLog: a }),
    () => Net.httpRequestAsync(a, a), () => Net.sendMail(a, a, a, a, a, a, a), () => Net.sendMailAsync('s', 'f', a, 't', 'b', { cc: a, bcc: a, port: a, login: a, html: a }),
    () => ApplicationStorage.get(a), () => ApplicationStorage.put('k', a, a), () => ApplicationStorage.keys(a, a), () => ApplicationStorage.remove(a),
    () => client.Users.addUser(a), () => client.Users.addUser({ a }), () => client.Users.addUser([a]),
    () => VoxEngine.createWebSocket(a), () => VoxEngine.createWebSocket('ws://a.example/', a), () => new WebSocket('ws://a.example/', { protocols: a, headers: a }), () => Reflect.construct(WebSocket, ['ws://a.example/'], a),
    () => VoxEngine.callPSTN(a, a), () => VoxEngine.callUser(a, a, a, a), () => VoxEngine.callUser({ username: a, extraHeaders: a }), () => VoxEngine.callSIP('sip:a@b', a), () => VoxEngine.callConference(a), () => VoxEngine.callWhatsappUser(a), () => VoxEngine.callUserDirect(a, a, a),
    () => VoxEngine.easyProcess(a, a, a), () => VoxEngine.sendMediaBetween(a, a), () => call.customData(a), () => call.addEventListener(a, a), () => call.say(a), () => call.hangup.call(a), () => call.id.call(a), () => ws.send.call(a, a), () => ws.close.call(a, a, a),
    () => new Date(a), () => Date(a), () => Date.UTC(a), () => Reflect.construct(Date, [], a), () => new (call.constructor)(a),
  ]) attempt(make);
}
Logger.write('survived ' + (threw > 100) + (passed > 100));
VoxEngine.addEventListener('Application.HttpRequest', () => evil());
setTimeout(VoxEngine.terminate, 2000);
