// A native iterator that is dropped for ever.
// ENDS: JS session error
Iterator.from({ next: () => ({ done: false }) }).filter(() => false).next();
VoxEngine.terminate();
