// Calls. Until Cordboard places calls, each one fails with 503 and a reason; nothing else is imitated.
export default (base) => {
  const { op, record, kind, text, optionalText, headers, listeners, listen, unlisten, fire, create, mapGet, mapSet, mapDelete, weakGet, weakSet, Map, WeakMap, TypeError, Error, deliveries } = base;
  const states = new WeakMap();
  const calls = new Map();
  const stateOf = (call) => {
    const state = weakGet(states, call);
    if (state === undefined) throw new TypeError('this is no Call');
    return state;
  };
  const ended = (state, name) => { throw new Error(`Call.${name} is not possible: the call is ${state.state}, and Cordboard does not place calls yet`); };

  class Call {
    constructor() { throw new TypeError('a Call is made by VoxEngine.callPSTN and the like'); }
    id() { return stateOf(this).id; }
    state() { return stateOf(this).state; }
    incoming() { return false; }
    callerid() { return stateOf(this).callerid; }
    displayName() { return stateOf(this).displayName; }
    number() { return stateOf(this).number; }
    clientType() { return stateOf(this).clientType; }
    vad() { return false; }
    toString() { return `Call(${stateOf(this).id})`; }
    customData(value) {
      const state = stateOf(this);
      if (value !== undefined) { state.customData = text(value, 'customData'); op.callCustomData(state.id, state.customData); }
      return state.customData;
    }
    addEventListener(event, handler) { listen(stateOf(this).listeners, event, handler); }
    removeEventListener(event, handler) { unlisten(stateOf(this).listeners, event, handler); }
    hangup() { const state = stateOf(this); if (state.state === 'PROGRESSING') op.hangup(state.id); }
    // Wiring and switches of a call that is not connected yet are remembered by the original; here the call fails before they matter.
    handleTones() { stateOf(this); }
    handleMicStatus() { stateOf(this); }
    handleBlindTransfer() { stateOf(this); }
    sendMediaTo() { stateOf(this); }
    stopMediaTo() { stateOf(this); }
    stopPlayback() { stateOf(this); }
  }
  const needed = ['answer', 'answerDirect', 'decline', 'reject', 'ring', 'startEarlyMedia', 'startPlayback', 'say', 'record', 'playProgressTone', 'sendMessage', 'sendInfo',
    'sendDigits', 'notifyBlindTransferSuccess', 'notifyBlindTransferFailed', 'enableBeepDetection', 'disableBeepDetection', 'transferTo', 'monitorMediaStatistics'];
  for (let i = 0; i < needed.length; i += 1) base.show(Call.prototype, needed[i], { [needed[i]]() { ended(stateOf(this), needed[i]); } }[needed[i]]);

  const callerId = (value) => {
    const id = optionalText(value, 'callerid') || '';
    if (op.hasBlank(id)) throw new Error('white space in a caller id is not allowed');
    return id;
  };

  const place = (clientType, to, callerid, displayName, sentHeaders) => {
    const from = callerId(callerid);
    headers(sentHeaders, 'headers');
    const number = text(to, 'the destination');
    const shown = optionalText(displayName, 'displayName') || '';
    const id = op.call(clientType, number, from);
    const call = create(Call.prototype);
    weakSet(states, call, { __proto__: null, id, state: 'PROGRESSING', callerid: from, displayName: shown, number, clientType, customData: '', listeners: listeners() });
    mapSet(calls, id, call);
    return call;
  };

  deliveries.callFailed = (id, code, reason) => {
    const call = mapGet(calls, id);
    if (call === undefined) return;
    mapDelete(calls, id);
    const state = stateOf(call);
    state.state = 'TERMINATED';
    fire(state.listeners, 'Call.Failed', record({ __proto__: null, call, id, name: 'Call.Failed', code, reason, headers: {} }));
  };

  const isCall = (value, name) => { if (typeof value !== 'object' || value === null || weakGet(states, value) === undefined) throw new TypeError(`${name} must be a Call, not ${kind(value)}`); };
  const object = (value) => typeof value === 'object' && value !== null;
  // Other units than calls say themselves that they carry no sound yet.
  const wiring = (name) => (a, b) => { if (!object(a) || !object(b)) throw new TypeError(`VoxEngine.${name} takes two media units, not ${kind(a)} and ${kind(b)}`); };
  // A forward waits for an incoming call, and none comes yet.
  const forward = () => {};

  return {
    Call,
    callPSTN: (number, callerid) => place('pstn', number, callerid),
    callUser: (username, callerid, displayName, extraHeaders) =>
      object(username) ? place('user', username.username, username.callerid, username.displayName, username.extraHeaders) : place('user', username, callerid, displayName, extraHeaders),
    callUserDirect: (incoming, username, parameters) => {
      isCall(incoming, 'incomingCall');
      const given = object(parameters) ? parameters : {};
      return place('user', username, given.callerid, given.displayName, given.extraHeaders);
    },
    callSIP: (to, callerid, displayName, password, authUser, extraHeaders) =>
      object(callerid) ? place('sip', to, callerid.callerid, callerid.displayName, callerid.headers) : place('sip', to, callerid, displayName, extraHeaders),
    callConference: (id, callerid, displayName, extraHeaders) => place('user', id, callerid, displayName, extraHeaders),
    callWhatsappUser: (parameters) => {
      if (!object(parameters)) throw new TypeError(`the parameters must be an object, not ${kind(parameters)}`);
      return place('wab', parameters.number, parameters.callerid, undefined, parameters.headers);
    },
    sendMediaBetween: wiring('sendMediaBetween'),
    stopMediaBetween: wiring('stopMediaBetween'),
    easyProcess: (call1, call2) => {
      isCall(call1, 'call1');
      isCall(call2, 'call2');
      const end = () => op.terminate('');
      listen(stateOf(call1).listeners, 'Call.Failed', end);
      listen(stateOf(call2).listeners, 'Call.Failed', end);
      listen(stateOf(call1).listeners, 'Call.Disconnected', end);
      listen(stateOf(call2).listeners, 'Call.Disconnected', end);
    },
    forwardCallToPSTN: forward,
    forwardCallToUser: forward,
    forwardCallToUserDirect: forward,
    forwardCallToSIP: forward,
    playSoundAndHangup: (url) => { text(url, 'fileURL'); },
  };
};
