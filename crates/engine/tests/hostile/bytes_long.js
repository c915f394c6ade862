// A list of eight million bytes behind a proxy.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
Net.httpRequest('https://a.example/', () => {}, { postData: new Proxy([], { get(target, name) { return name === 'length' ? 8000000 : 1; } }) });
