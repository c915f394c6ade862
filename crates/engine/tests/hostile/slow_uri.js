// encodeURIComponent and unescape of long texts.
// ENDS: JS session error
for (;;) { try { decodeURIComponent(encodeURIComponent('\u20ac'.repeat(300000))); } catch (e) {} }
VoxEngine.terminate();
