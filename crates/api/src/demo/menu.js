// A menu: the caller hears what the keys do, and presses them.

const voice = { voice: VoiceList.Amazon.en_US_Joanna };
const MENU = 'Welcome to Cordboard. Press 1 for the time, 2 for the number that you called, or 0 to hang up.';

VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, destination }) => {
  let ending = false;

  const hear = (text) => call.say(text, voice);

  const pressed = {
    1: () => hear(`It is ${new Date().toISOString().slice(11, 16)}, universal time.`),
    2: () => hear(`You called ${destination}.`),
    0: () => {
      ending = true;
      hear('Goodbye.');
    },
  };

  call.addEventListener(CallEvents.Connected, () => {
    call.handleTones(true);
    hear(MENU);
  });
  call.addEventListener(CallEvents.ToneReceived, ({ tone }) => {
    Logger.write(`The caller pressed ${tone}`);
    if (ending) return;
    (pressed[tone] || (() => hear(`The key ${tone} does nothing. ${MENU}`)))();
  });
  call.addEventListener(CallEvents.PlaybackFinished, () => {
    if (ending) call.hangup();
  });
  call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
  call.addEventListener(CallEvents.Failed, VoxEngine.terminate);
  call.answer();
});
