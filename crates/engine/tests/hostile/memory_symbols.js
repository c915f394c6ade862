// Properties and symbols for ever.
// ENDS: JS session error
const all = {};
for (let i = 0; ; i += 1) all[Symbol(i)] = all["p" + i] = i;
