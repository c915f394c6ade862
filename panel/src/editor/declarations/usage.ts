// How scenarios use the runtime, and what the declarations must refuse. `npm run check` compiles this.
require(Modules.ApplicationStorage);

VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => `${e.method} ${e.path} ${e.content} ${e.headers[0]?.key}`);
VoxEngine.addEventListener(AppEvents.Started, (e) => e.accessSecureURL + e.sessionId.toFixed());
VoxEngine.addEventListener('Application.CallAlerting', (e) => e.call.answer());
VoxEngine.addEventListener(AppEvents.Terminating, VoxEngine.terminate);
// @ts-expect-error: a request has no such field
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => e.nothing);
// @ts-expect-error: no event is called so
VoxEngine.addEventListener('Application.Nothing', () => undefined);

const outgoing = VoxEngine.callPSTN('14155552671', '14155552672');
outgoing.addEventListener(CallEvents.Failed, ({ code, reason }) => Logger.write(`${code.toFixed()} ${reason.trim()}`));
outgoing.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
VoxEngine.callUser('alice', '1', 'Alice');
VoxEngine.callUser({ username: 'alice', callerid: '1' });
VoxEngine.CallList.reportResult({ done: true }, VoxEngine.terminate);

const socket = VoxEngine.createWebSocket('wss://example.org');
socket.onmessage = (e) => Logger.write(e.text);
socket.addEventListener(WebSocketEvents.CLOSE, (e) => e.wasClean === true);

async function remember(): Promise<void> {
  const { code, text } = await Net.httpRequestAsync('https://example.org', { method: 'POST' });
  await ApplicationStorage.put(`n:${code}`, text ?? '', 60);
  const found = await ApplicationStorage.get('n:200');
  console.log(found?.value, VoxEngine.getSecretValue('token')?.length, bytes2hex(str2bytes('a')));
  const { result } = await new VoximplantAPI.Client().Users.getUsers({ applicationId: 1, applicationName: '' });
  trace(result[0]?.userName);
}
setTimeout((name: string) => name, 10, 'later');
const voice: Voice = VoiceList.Amazon.en_US_Joanna;
const older: Voice = Language.Premium.US_ENGLISH_FEMALE;
