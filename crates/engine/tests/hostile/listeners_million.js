// A million listeners, of one event and of many.
// ENDS: JS session error
for (let i = 0; i < 1000000; i += 1) VoxEngine.addEventListener('e' + (i % 100000), () => {});
