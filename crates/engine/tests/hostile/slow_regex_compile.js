// A regular expression with huge counted repetitions.
// ENDS: JS session error
for (let i = 0; i < 200; i += 1) try { new RegExp('(?:(?:(?:a{1,99}){1,99}){1,99}){1,99}b').test('a'.repeat(1000)); } catch (e) { Logger.write(e.message); }
VoxEngine.terminate();
