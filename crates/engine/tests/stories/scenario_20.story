# The helper functions of the language (test scenario 20).
--- scenario s
VoxEngine.addEventListener(AppEvents.Started, () => {
  const plain = bytes2str(base64_decode(base64_encode('hello')), 'utf-8');
  Logger.write(`T20 b64 ${base64_encode('hello')} ${plain}`);
  Logger.write(`T20 hex ${bytes2hex([202, 254], false)} ${hex2bytes('cafe')}`);
  Logger.write(`T20 utf8 ${str2bytes('\u043f', 'utf-8')}`);
  Logger.write(`T20 lev ${levenshtein_distance('kitten', 'sitting')}`);
  Logger.write(`T20 md5 ${Crypto.md5('hello')}`);
  Logger.write(`T20 sha1 ${Crypto.sha1('hello')}`);
  Logger.write(`T20 sha256 ${Crypto.sha256('hello')}`);
  Logger.write(`T20 hmac ${Crypto.hmac_sha256('key', 'hello').toLowerCase()}`);
  Logger.write(`T20 uuid ${uuidgen() !== uuidgen() && uuidgen().length >= 32}`);
  const utc = new Date(Date.UTC(2025, 0, 15, 12, 0, 0));
  Logger.write(`T20 tz ${getLocalTime('Asia/Tokyo', utc).getHours() === 21}`);
  const ok = PhoneNumber.getInfo('(415) 555-2671', 'US');
  Logger.write(`T20 phone ${ok.number} ${ok.region} ${ok.isValidNumber}`);
  Logger.write(`T20 bad ${PhoneNumber.getInfo('abc', 'US').error}`);
  VoxEngine.terminate();
});
--- transcript
at 0 start
  log Loading scenario s
  log Sent event to JS Application.Started
  log T20 b64 aGVsbG8= hello
  log T20 hex cafe 202,254
  log T20 utf8 208,191
  log T20 lev 3
  log T20 md5 5d41402abc4b2a76b9719d911017c592
  log T20 sha1 aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d
  log T20 sha256 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824
  log T20 hmac 9307b3b915efb5171ff14d8cb55fbcc798c6c0ef1456d66ded1a6aa723a58b7b
  log T20 uuid true
  log T20 tz true
  log T20 phone +14155552671 US true
  log T20 bad NOT_A_NUMBER
  log Terminating request..., stack=
  |     at <anonymous> (s:17:13)
  log Sent event to JS Application.Terminating
  log Sent event to JS Application.Terminated
  log Normal termination
  log Session terminated
  ended Normal termination
