// A long text is split into single characters, and by a regular expression.
// ENDS: JS session error
for (;;) try { 'ab'.repeat(200000).split(''); } catch (e) {} 'ab'.repeat(100000).split(/(?:)/);
VoxEngine.terminate();
