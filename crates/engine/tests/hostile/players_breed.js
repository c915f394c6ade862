// Each player's end makes two more, which end at once: the session lives on and others with it, until it is stopped.
// ENDS: Terminated administratively
// LOG: ended
let told = false;
const breed = () => {
  for (let i = 0; i < 2; i += 1) try { const player = VoxEngine.createToneScriptPlayer('440@-19;1'); for (const event of Object.keys(PlayerEvents)) player.addEventListener(PlayerEvents[event], breed); player.stop(); } catch (error) {}
  if (!told) { told = true; Logger.write('ended'); }
};
VoxEngine.addEventListener(AppEvents.Started, breed);
