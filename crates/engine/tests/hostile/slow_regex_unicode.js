// Case-insensitive Unicode sets, compiled again and again.
// ENDS: JS session error
for (let i = 0; ; i += 1) new RegExp('[^\\p{Lu}\\p{Script=Greek}]{' + i + '}', 'ui');
VoxEngine.terminate();
