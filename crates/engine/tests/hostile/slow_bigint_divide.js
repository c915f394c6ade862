// Division of huge numbers.
// ENDS: JS session error
const a = (1n << 8000000n) + 1n, b = (1n << 4000000n) - 1n; a / b; a % b;
VoxEngine.terminate();
