// replaceAll that makes a text giant.
// ENDS: JS session error
'a'.repeat(100000).replaceAll('a', 'b'.repeat(100000));
VoxEngine.terminate();
