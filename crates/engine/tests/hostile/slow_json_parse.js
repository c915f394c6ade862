// A long JSON text, again and again.
// ENDS: JS session error
const t = '[' + '{"a":1},'.repeat(50000) + '1]'; for (;;) JSON.parse(t);
VoxEngine.terminate();
