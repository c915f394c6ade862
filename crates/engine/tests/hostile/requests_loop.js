// A scenario that starts scenarios by HTTP and by VoximplantAPI, as often as it can.
// ENDS: Normal termination
// LOG: Exceeded the HTTP connection count limit!
// LOG: 50 made, 950 refused
require('VoximplantAPI');
const client = new VoximplantAPI.Client();
let made = 0, refused = 0;
for (let i = 0; i < 1000; i += 1) client.Scenarios.startScenarios({ ruleId: 56 }).then(() => { made += 1; }, () => { refused += 1; });
try { for (;;) { Net.httpRequest('https://box.example/platform_api/StartScenarios?rule_id=56', () => {}); } } catch (error) { Logger.write(error.message); }
for (let i = 0; i < 1000; i += 1) Net.httpRequestAsync('https://box.example/').then(() => {}, () => {});
setTimeout(() => { Logger.write(`${made} made, ${refused} refused`); VoxEngine.terminate(); }, 1000);
