// An endless loop in an async function whose rejection another one catches, to go on.
// ENDS: JS session error
// LOG: The session was stopped: a turn may use 1 s of processor time
const spin = async () => { await null; for (;;); };
const again = () => spin().catch(again).finally(again);
again(); again();
