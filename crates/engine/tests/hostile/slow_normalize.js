// normalize and localeCompare of long texts.
// ENDS: JS session error
const t = 'e\u0301\u0323\u0327'.repeat(200000); for (;;) { for (const f of ['NFC', 'NFD', 'NFKC', 'NFKD']) t.normalize(f); t.localeCompare(t + 'x'); }
VoxEngine.terminate();
