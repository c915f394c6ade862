// A text built one character in front at a time, read after each.
// ENDS: JS session error
let t = ''; for (let i = 0; i < 2000000; i += 1) { t = 'x' + t; if (t.charCodeAt(i >> 1) === 0) break; }
VoxEngine.terminate();
