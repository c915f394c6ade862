// apply and spread of a giant list.
// ENDS: JS session error
Math.max.apply(null, { length: 4e9 });

VoxEngine.terminate();
