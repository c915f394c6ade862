// A giant sparse array is logged.
// ENDS: JS session error
// STALLS
Logger.write(new Array(1e9));
VoxEngine.terminate();
