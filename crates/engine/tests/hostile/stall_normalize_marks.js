// normalize of a text of combining marks only, out of order.
// ENDS: JS session error
// STALLS
('\u0301\u0323'.repeat(300000)).normalize('NFC');
VoxEngine.terminate();
