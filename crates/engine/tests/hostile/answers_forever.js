// Requests to itself that beget requests, for ever.
// ENDS: Terminated administratively
const again = () => { Net.httpRequest('https://a.example/', again, { enableSystemLog: false }); };
again(); again(); again();
