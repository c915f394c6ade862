// A call's message that is answered by a message for ever, and messages without end in one turn.
// ENDS: Terminated administratively
// ALERTING
// LOG: caught one turn may do things to calls and players
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
  e.call.answer();
  e.call.addEventListener(CallEvents.Connected, () => { try { for (;;) e.call.sendMessage('x'.repeat(8000)); } catch (error) { Logger.write('caught ' + error.message); } });
  e.call.addEventListener(CallEvents.MessageReceived, (m) => e.call.sendMessage(m.text));
});
