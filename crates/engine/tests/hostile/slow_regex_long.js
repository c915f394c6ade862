// A regular expression without any group over a long text.
// ENDS: JS session error
const t = 'a'.repeat(100000); /a*a*a*a*b/.test(t);
VoxEngine.terminate();
