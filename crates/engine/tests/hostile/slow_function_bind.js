// Giant argument lists.
// ENDS: JS session error
const f = (...a) => a.length; f.apply(null, { length: 65534 }); for (;;) f(...new Array(60000));
VoxEngine.terminate();
