// What ops copy out of JavaScript: numbers of calls, keys, URLs, bodies, mails, messages.
// ENDS: Normal termination
const big = 'x'.repeat(300000);
const many = (times, make) => { for (let i = 0; i < times; i += 1) try { const got = make(i); if (got && got.catch) got.catch(() => {}); } catch (error) { if (i === times - 1) Logger.write(error.message); } };
many(12, () => VoxEngine.callPSTN(big, ''));
many(12, () => VoxEngine.callPSTN('1', big));
many(12, () => VoxEngine.callUser({ username: 'x', callerid: 'y', displayName: big, extraHeaders: { 'X-A': big } }));
many(60, () => Net.httpRequest('https://a.example/', () => {}, { postData: big, method: 'POST' }));
many(6, () => Net.httpRequest('https://a.example/?' + big, () => {}));
many(6, () => Net.httpRequest('https://a.example/', () => {}, { params: { big } }));
many(4, () => Net.sendMail(big, big, [big], big, big));
many(4, () => VoxEngine.createWebSocket('ws://a.example/' + big, { protocols: big, headers: { big } }));
many(4, () => VoxEngine.customData(big));
require('ApplicationStorage');
many(6, () => ApplicationStorage.put(big, big, 1));
many(6, () => ApplicationStorage.keys(big));
require('VoximplantAPI');
const client = new VoximplantAPI.Client();
many(6, () => client.Users.addUser({ userName: big }));
many(102, () => Promise.reject(big));
many(102, () => Promise.reject(new Error(big)));
many(50, () => Logger.write(big));
try { VoxEngine.addEventListener('Application.HttpRequest', () => big + big); } catch (error) {}
VoxEngine.terminate();
