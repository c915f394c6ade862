# A counter in the key-value storage (test scenario 17 without its call).
--- scenario s
require('ApplicationStorage');
VoxEngine.addEventListener('Application.Started', async () => {
  const key = 'calls:15550100';
  try {
    const old = await ApplicationStorage.get(key);
    const count = old === null ? 1 : Number(old.value) + 1;
    const saved = await ApplicationStorage.put(key, String(count), 60);
    Logger.write(`T17 count ${count} key=${saved.key} in ${Math.round(saved.expireAt - Date.now() / 1000)}s`);
  } catch (err) {
    Logger.write('T17 storage failed ' + err);
  }
  try { await ApplicationStorage.put('x'.repeat(201), 'v', 60); Logger.write('T17 accepted'); } catch (err) { Logger.write('T17 refused'); }
  VoxEngine.terminate();
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  store 1 Get { key: "calls:15550100" }
at 10 stored 1 ok {"key":"calls:15550100","value":"1","expireAt":1767225630}
  store 2 Put { key: "calls:15550100", value: "2", ttl_seconds: Some(60) }
at 1020 stored 2 ok {"key":"calls:15550100","value":"2","expireAt":1767225661}
  log T17 count 2 key=calls:15550100 in 60s
  store 3 Put { key: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", value: "v", ttl_seconds: Some(60) }
at 1030 stored 3 no the key may have 200 characters
  log T17 refused
  log Terminating request..., stack=
  |     at <anonymous> (s:13:13)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
