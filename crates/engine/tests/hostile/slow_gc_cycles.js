// A large heap of cycles that is collected again and again.
// ENDS: JS session error
const keep = []; for (let i = 0; i < 40000; i += 1) { const o = { o: null }; o.o = o; keep.push(o); } for (;;) { const o = {}; o.o = o; }
VoxEngine.terminate();
