// A million listeners of one call.
// ENDS: JS session error
// ALERTING
// LOG: may have 1000 listeners
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => { for (let i = 0; i < 1000000; i += 1) e.call.addEventListener(CallEvents.Connected, () => {}); });
