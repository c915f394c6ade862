// A getter of options that never ends.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
Net.httpRequest('https://a.example/', () => {}, { get headers() { for (;;); } });
