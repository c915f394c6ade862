// A Map that grows for ever.
// ENDS: JS session error
const all = new Map();
for (let i = 0; ; i += 1) all.set({ i }, [i]);
