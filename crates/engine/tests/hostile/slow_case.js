// Case of long texts, again and again.
// ENDS: JS session error
const t = '\u0130\u00df'.repeat(500000); for (;;) { t.toUpperCase(); t.toLowerCase(); }
VoxEngine.terminate();
