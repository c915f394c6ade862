// A list of bytes whose elements are read by an endless getter.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
Net.httpRequest('https://a.example/', () => {}, { postData: new Proxy([], { get(target, name) { if (name === 'length') return 8000000; for (;;); } }) });
