// Set methods on a set-like that says it is giant.
// ENDS: JS session error
new Set([1]).isSubsetOf({ size: Infinity, has: () => true, keys: () => [].values() }); new Set([1]).union({ size: 1, has: () => true, keys: () => ({ next: () => ({ done: false, value: {} }) }) });
VoxEngine.terminate();
