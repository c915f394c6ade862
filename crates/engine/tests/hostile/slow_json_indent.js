// JSON with the deepest indentation.
// ENDS: JS session error
let a = []; for (let i = 0; i < 900; i += 1) a = [a, a.length ? 1 : 2]; for (;;) JSON.stringify(a, null, 10);
VoxEngine.terminate();
