// Seven megabytes are sent again and again, and refused.
// ENDS: JS session error
const big = new Uint8Array(7000000); for (;;) try { Net.httpRequest('https://a.example/', () => {}, { postData: big }); } catch (error) { }
VoxEngine.terminate();
