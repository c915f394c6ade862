// Helpers that are whole scenarios: easyProcess, the forwards, playSoundAndHangup (voxengine.md §13).
export default (base) => {
  const { op, kind, text, listen, application, TypeError } = base;
  const calls = base.use('call');
  const media = base.use('media');
  const { answer, hangup } = calls;
  const { ring, startEarlyMedia, answerDirect, sendMessage, sendInfo, reInvite, acceptReInvite, rejectReInvite, startPlayback } = base.use('actions');
  const { callPSTN, callUser, callUserDirect, callSIP } = base.use('place');
  const on = (call, event, handler) => listen(calls.stateOfGiven(call, 'the call').listeners, 'Call.' + event, handler);
  const to = (call, method, a, b, c) => base.apply(method, call, [a, b, c]);
  const isPSTN = (call) => calls.stateOfGiven(call, 'the call').clientType === 'pstn';
  const end = () => op.terminate('');

  const easyProcess = (call1, call2, onEstablished, direct) => {
    calls.stateOfGiven(call1, 'call1');
    calls.stateOfGiven(call2, 'call2');
    on(call2, 'Connected', (event) => {
      const { displayName } = calls.stateOfGiven(call2, 'call2');
      if (direct) to(call1, answerDirect, call2, event.headers, { __proto__: null, displayName });
      else to(call1, answer, event.headers, { __proto__: null, displayName });
    });
    media.sendMediaBetween(call1, call2);
    if (typeof onEstablished === 'function') on(call1, 'Connected', () => { onEstablished(call1, call2); });
    on(call2, 'Ringing', () => to(call1, ring));
    on(call2, 'AudioStarted', () => to(call1, startEarlyMedia));
    const relay = (from, other) => {
      on(from, 'MessageReceived', (event) => to(other, sendMessage, event.text));
      on(from, 'InfoReceived', (event) => to(other, sendInfo, event.mimeType, event.body, event.headers));
      on(from, 'ReInviteReceived', (event) => {
        if (!isPSTN(from)) to(other, reInvite, event.headers, event.mimeType, event.body);
        else if (event.mimeType === 'application/json') to(from, acceptReInvite, event.headers, 'application/sdp', '');
      });
      on(from, 'ReInviteAccepted', (event) => { if (!isPSTN(other)) to(other, acceptReInvite, event.headers, event.mimeType, event.body); });
      on(from, 'ReInviteRejected', (event) => to(other, rejectReInvite, event.headers, { __proto__: null, code: event.code }));
      on(from, 'Failed', end);
      on(from, 'Disconnected', end);
    };
    relay(call1, call2);
    relay(call2, call1);
  };

  // Callers write what they like into their names; a caller id has no white space.
  const forward = (place, direct) => (onEstablished) => listen(application, 'Application.CallAlerting', (event) => { easyProcess(event.call, place(event, op.withoutBlanks(event.callerid)), onEstablished, direct); });

  return {
    easyProcess,
    forwardCallToPSTN: (numberTransform, onEstablished, options) => {
      const given = typeof options === 'object' && options !== null ? options : { __proto__: null };
      forward((event, callerid) => callPSTN(typeof numberTransform === 'function' ? numberTransform(event.destination) : event.destination, given.callerid || callerid, { __proto__: null, followDiversion: given.followDiversion }))(onEstablished);
    },
    forwardCallToUser: (onEstablished, video) => { forward((event, callerid) => callUser(event.destination, callerid, event.displayName, undefined, video))(onEstablished); },
    forwardCallToUserDirect: (onEstablished) => {
      forward((event, callerid) => callUserDirect(event.call, event.destination, { __proto__: null, callerid, displayName: event.displayName }), true)(onEstablished);
    },
    forwardCallToSIP: (onEstablished, video) => {
      forward((event, callerid) => callSIP(event.toURI, callerid, event.displayName, undefined, undefined, undefined, video))(onEstablished);
    },
    playSoundAndHangup: (fileURL) => {
      if (typeof fileURL !== 'string') throw new TypeError(`fileURL must be a string, not ${kind(fileURL)}`);
      const url = text(fileURL, 'fileURL');
      listen(application, 'Application.CallAlerting', (event) => {
        const { call } = event;
        on(call, 'Connected', () => to(call, startPlayback, url));
        on(call, 'PlaybackFinished', () => to(call, hangup));
        on(call, 'Failed', end);
        on(call, 'Disconnected', end);
        to(call, answer);
      });
    },
  };
};
