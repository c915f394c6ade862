// A storm of microtasks that grows.
// ENDS: JS session error
let n = 0;
const storm = () => { n += 1; queue(); queue(); };
const queue = () => Promise.resolve().then(storm);
queue();
