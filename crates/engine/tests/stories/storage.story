# ApplicationStorage: every operation, resolved and rejected, its limits and its absence before require.
idle_ms = 600000
--- scenario s
Logger.write(typeof ApplicationStorage);
Logger.write(String(require('ApplicationStorage')));
const say = (name) => [(value) => Logger.write(name + ' ' + JSON.stringify(value)), (error) => Logger.write(name + ' rejected ' + error)];
ApplicationStorage.get('a').then(...say('get'));
ApplicationStorage.put('a', 'b', 60).then(...say('put'));
ApplicationStorage.put('n', 5).then(...say('put without ttl'));
ApplicationStorage.remove('a').then(...say('remove'));
ApplicationStorage.keys().then(...say('keys'));
ApplicationStorage.keys('calls', 10).then(...say('keys of calls'));
ApplicationStorage.get({}).then(...say('an object'));
ApplicationStorage.get('x'.repeat(100000)).then(...say('a giant'));
ApplicationStorage.put('x', 'y'.repeat(100000)).then(...say('a giant value'));
VoxEngine.addEventListener('Application.HttpRequest', () => { for (let i = 0; i < 51; i += 1) ApplicationStorage.get('k' + i).catch(...say('number ' + i)); VoxEngine.terminate(); });
--- transcript
at 0 start
  log Loading scenario s
  log undefined
  log undefined
  store 1 Get { key: "a" }
  store 2 Put { key: "a", value: "b", ttl_seconds: Some(60) }
  store 3 Put { key: "n", value: "5", ttl_seconds: None }
  store 4 Remove { key: "a" }
  store 5 Keys { pattern: None, count: 1000 }
  store 6 Keys { pattern: Some("calls"), count: 10 }
  log an object rejected TypeError: key must be a string, not object
  log a giant rejected Error: a key or value of ApplicationStorage is far too long: not even 65536 bytes are taken
  log a giant value rejected Error: a key or value of ApplicationStorage is far too long: not even 65536 bytes are taken
  log Sent event to JS Application.Started
at 10 stored 1 ok null
  log get null
at 20 stored 2 ok {"key":"a","value":"b","expireAt":1767225660}
  log put {"expireAt":1767225660,"key":"a","value":"b"}
at 30 stored 3 no the value is too long
  log put without ttl rejected Error: the value is too long
at 40 stored 4 ok {"key":"a","value":"b","ttl":0}
  log remove {"key":"a","ttl":0,"value":"b"}
at 50 stored 5 ok {"keys":["a","b"]}
  log keys {"keys":["a","b"]}
at 60 stored 6 ok {"keys":[]}
  log keys of calls {"keys":[]}
at 60 stored 6 ok {"keys":["twice"]}
at 70 stop Terminated administratively
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Terminated administratively
  log Session terminated
  ended Terminated administratively
