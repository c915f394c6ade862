// lastIndexOf of a long needle that is almost there.
// ENDS: Normal termination
('a'.repeat(20000)).lastIndexOf('b' + 'a'.repeat(5000));
VoxEngine.terminate();
