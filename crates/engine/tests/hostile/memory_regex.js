// Regular expressions for ever.
// ENDS: JS session error
const all = [];
for (let i = 0; ; i += 1) all.push(new RegExp('(?:a' + i + '){0,500}(b|c)*'.repeat(20)));
