// Calls: what scenarios do to them and what they hear of them (voxengine.md §8 to §11).
export default (base) => {
  const { op, show, record, kind, parse, text, optionalText, number, headers, stringify, floor, listeners, listen, unlisten, fire, create, mapGet, mapSet, mapDelete, weakGet, weakSet, units, Map, WeakMap, TypeError, RangeError, Error, deliveries } = base;
  // Many calls play nothing and are heard by nobody.
  const media = () => base.use('media');
  const states = new WeakMap();
  const calls = new Map();
  const object = (value) => typeof value === 'object' && value !== null;
  const stateOf = (call) => {
    const state = weakGet(states, call);
    if (state === undefined) throw new TypeError('this is no Call');
    return state;
  };
  // Each action is one of those of the session's outputs, by its name.
  const act = (state, name, action) => op.act(state.number, name, stringify(action));
  const withHeaders = (value) => ({ __proto__: null, headers: headers(value, 'headers') });
  const code = (value, fallback) => {
    const given = floor(number(value, 'code', fallback));
    if (!(given >= 300 && given <= 699)) throw new RangeError(`the code must be one from 300 to 699, not ${given}`);
    return given;
  };
  const withBody = (value, mimeType, body) => ({ __proto__: null, mime_type: optionalText(mimeType, 'mimeType') || '', body: optionalText(body, 'body') || '', headers: headers(value, 'headers') });
  const decline = (call, name, given, extraHeaders) => {
    const state = stateOf(call);
    act(state, name, { __proto__: null, Reject: { __proto__: null, code: code(given, 603), headers: headers(extraHeaders, 'headers') } });
  };
  // Ringing tones of the two countries: 440 + 480 Hz, 2 s in 6; 425 Hz, 0.8 s in 4. ITU-T E.180, supplement 2.
  const TONES = { __proto__: null, US: '440@-19,480@-19;*(2/4/1+2)', RU: '425@-19;*(0.8/3.2/1)' };

  class Call {
    constructor() { throw new TypeError('a Call is made by VoxEngine.callPSTN and the like'); }
    id() { return stateOf(this).id; }
    state() { return stateOf(this).state; }
    incoming() { return stateOf(this).incoming; }
    callerid() { return stateOf(this).callerid; }
    displayName() { return stateOf(this).displayName; }
    number() { return stateOf(this).to; }
    clientType() { return stateOf(this).clientType; }
    vad() { return false; }
    toString() { return 'Call(' + stateOf(this).id + ')'; }
    customData(value) {
      const state = stateOf(this);
      if (value !== undefined) { const given = text(value, 'customData'); op.callCustomData(state.number, given); state.customData = given; }
      return state.customData;
    }
    addEventListener(event, handler) { listen(stateOf(this).listeners, event, handler); }
    removeEventListener(event, handler) { unlisten(stateOf(this).listeners, event, handler); }

    ring(extraHeaders) { act(stateOf(this), 'ring', { __proto__: null, Ring: withHeaders(extraHeaders) }); }
    startEarlyMedia(extraHeaders) { act(stateOf(this), 'startEarlyMedia', { __proto__: null, EarlyMedia: withHeaders(extraHeaders) }); }
    answer(extraHeaders, parameters) {
      const state = stateOf(this);
      const display = object(parameters) ? optionalText(parameters.displayName, 'displayName') : undefined;
      act(state, 'answer', { __proto__: null, Answer: { __proto__: null, headers: headers(extraHeaders, 'headers'), display_name: display || '' } });
    }
    reject(given, extraHeaders) { decline(this, 'reject', given, extraHeaders); }
    decline(given, extraHeaders) { decline(this, 'decline', given, extraHeaders); }
    hangup(extraHeaders) { act(stateOf(this), 'hangup', { __proto__: null, Hangup: withHeaders(extraHeaders) }); }

    say(words, parameters, ttsOptions) {
      const state = stateOf(this);
      media().play('Call.say', media().speech(words, parameters, ttsOptions), { __proto__: null, call: state.number });
    }
    startPlayback(url, parameters) {
      const state = stateOf(this);
      const looped = object(parameters) ? parameters.loop : parameters;
      const file = media().file(url);
      media().play('Call.startPlayback', file.what, { __proto__: null, call: state.number, looped }, file);
    }
    playProgressTone(country) {
      const state = stateOf(this);
      const script = TONES[optionalText(country, 'country') || 'US'];
      if (script === undefined) throw new RangeError("there are progress tones of 'US' and 'RU'");
      media().play('Call.playProgressTone', { __proto__: null, Tone: { __proto__: null, script } }, { __proto__: null, call: state.number, tone: true });
    }
    // The ops of sound come with its file.
    stopPlayback() { const state = stateOf(this); media(); op.stopPlayback(state.number); }
    sendMediaTo(mediaUnit) { stateOf(this); media().sendTo('Call.sendMediaTo', weakGet(units, this), mediaUnit); }
    stopMediaTo(mediaUnit) { stateOf(this); media().stopTo('Call.stopMediaTo', weakGet(units, this), mediaUnit); }

    handleTones(doHandle, types) {
      const state = stateOf(this);
      const type = number(types, 'supportedDtmfTypes', 0);
      if (doHandle && type === 2) op.later('Finding tones in the sound of a call (DTMFType.IN_BAND)');
      act(state, 'handleTones', { __proto__: null, Tones: { __proto__: null, telephone_event: !!doHandle && (type === 0 || type === 1), info: !!doHandle && (type === 0 || type === 3) } });
    }
    sendDigits(digits) { act(stateOf(this), 'sendDigits', { __proto__: null, Digits: { __proto__: null, digits: text(digits, 'digits') } }); }
    sendMessage(words) { act(stateOf(this), 'sendMessage', { __proto__: null, Message: { __proto__: null, text: text(words, 'text') } }); }
    sendInfo(mimeType, body, extraHeaders) { act(stateOf(this), 'sendInfo', { __proto__: null, Info: withBody(extraHeaders, mimeType, body) }); }
    reInvite(extraHeaders, mimeType, body) { act(stateOf(this), 'reInvite', { __proto__: null, ReInvite: withBody(extraHeaders, mimeType, body) }); }
    acceptReInvite(extraHeaders, mimeType, body) { act(stateOf(this), 'acceptReInvite', { __proto__: null, AcceptReInvite: withBody(extraHeaders, mimeType, body) }); }
    // RFC 3261 §14.2: 488 refuses what a re-INVITE asks for.
    rejectReInvite(extraHeaders, parameters) {
      act(stateOf(this), 'rejectReInvite', { __proto__: null, RejectReInvite: { __proto__: null, code: code(object(parameters) ? parameters.code : undefined, 488), headers: headers(extraHeaders, 'headers') } });
    }
    handleMicStatus() { op.later('Call.handleMicStatus'); stateOf(this); }
    handleBlindTransfer() { op.later('Call.handleBlindTransfer'); stateOf(this); }
    // Off is what these are.
    disableBeepDetection() { op.later('Call.disableBeepDetection'); stateOf(this); }
  }
  const missing = ['answerDirect', 'record', 'notifyBlindTransferSuccess', 'notifyBlindTransferFailed', 'enableBeepDetection', 'transferTo', 'monitorMediaStatistics'];
  for (let i = 0; i < missing.length; i += 1) {
    const name = missing[i];
    show(Call.prototype, name, { [name]() { throw new Error(`Call.${name} is not yet available in Cordboard`); } }[name]);
  }

  const made = (state) => {
    const call = create(Call.prototype);
    state.listeners = listeners();
    weakSet(states, call, state);
    weakSet(units, call, { __proto__: null, kind: 'call', number: state.number });
    mapSet(calls, state.number, call);
    return call;
  };

  const callerId = (value) => {
    const id = optionalText(value, 'callerid') || '';
    if (op.hasBlank(id)) throw new Error('white space in a caller id is not allowed');
    return id;
  };
  const place = (clientType, to, callerid, displayName, sentHeaders, more) => {
    const from = callerId(callerid);
    const wish = { __proto__: null, clientType, to: text(to, 'the destination'), callerid: from, displayName: optionalText(displayName, 'displayName') || '', headers: headers(sentHeaders, 'headers'), ...more };
    const id = op.call(stringify(wish));
    return made({ __proto__: null, number: id, id: op.callId(id), state: 'PROGRESSING', incoming: false, callerid: from, displayName: wish.displayName, to: wish.to, clientType, customData: '', hook: undefined });
  };
  const later = (parameters) => {
    if (parameters.amd !== undefined && parameters.amd !== null) op.later('Detection of answering machines (amd)');
    if (parameters.video) op.later('Video');
  };

  deliveries.alerting = (id, json) => {
    const event = parse(json);
    const call = made({ __proto__: null, number: id, id: event.id, state: 'ALERTING', incoming: true, callerid: event.callerid, displayName: event.displayName, to: event.destination, clientType: event.clientType, customData: event.customData, hook: undefined });
    const { callerid, destination, displayName, toURI, fromURI, customData, scheme } = event;
    fire(base.application, 'Application.CallAlerting', { name: 'Application.CallAlerting', call, callerid, destination, displayName, toURI, fromURI, headers: event.headers, customData, scheme });
  };

  const STATES = { __proto__: null, Connected: 'CONNECTED', Failed: 'TERMINATED', Disconnected: 'TERMINATED' };
  // QuickJS asks String.prototype.concat for template texts, which authors may change; it does not for '+'.
  const tell = (call, state, event, fields) => {
    const name = 'Call.' + event;
    fire(state.listeners, name, { call, id: state.id, name, ...fields });
  };
  deliveries.call = (id, json) => {
    const call = mapGet(calls, id);
    if (call === undefined) return;
    const state = stateOf(call);
    const { name, fields } = parse(json);
    // An IVR state that a handler enters does not hear of what happened before.
    const { hook } = state;
    const newState = STATES[name];
    if (newState === 'TERMINATED') mapDelete(calls, id);
    if (newState !== undefined) {
      const oldState = state.state;
      state.state = newState;
      if (name === 'Connected' && state.incoming) fields.customData = state.customData;
      tell(call, state, 'StateChanged', { __proto__: null, oldState, newState });
    }
    tell(call, state, name, fields);
    if (hook !== undefined) hook(name, fields);
  };

  // As they are before authors may change them.
  const { ring, startEarlyMedia, answer, answerDirect, sendMessage, sendInfo, reInvite, acceptReInvite, rejectReInvite, startPlayback, hangup, handleTones } = Call.prototype;

  return {
    Call,
    methods: { __proto__: null, ring, startEarlyMedia, answer, answerDirect, sendMessage, sendInfo, reInvite, acceptReInvite, rejectReInvite, startPlayback, hangup, handleTones },
    stateOf: (value, name) => {
      const state = object(value) ? weakGet(states, value) : undefined;
      if (state === undefined) throw new TypeError(`${name} must be a Call, not ${kind(value)}`);
      return state;
    },
    callPSTN: (to, callerid, parameters) => {
      if (object(parameters)) later(parameters);
      return place('pstn', to, callerid, object(parameters) ? undefined : parameters);
    },
    callUser: (username, callerid, displayName, extraHeaders, video) => {
      const given = object(username) ? username : { __proto__: null, username, callerid, displayName, extraHeaders, video };
      later(given);
      return place('user', given.username, given.callerid, given.displayName, given.extraHeaders);
    },
    callUserDirect: (incoming, username, parameters) => {
      if (!object(incoming) || weakGet(states, incoming) === undefined) throw new TypeError(`incomingCall must be a Call, not ${kind(incoming)}`);
      const given = object(parameters) ? parameters : { __proto__: null };
      return place('user', username, given.callerid, given.displayName, given.extraHeaders, { __proto__: null, unavailable: 'callUserDirect' });
    },
    callSIP: (to, callerid, displayName, password, authUser, extraHeaders, video, outProxy) => {
      const given = object(callerid) ? callerid : { __proto__: null, callerid, displayName, password, authUser, headers: extraHeaders, video, outProxy };
      later(given);
      return place('sip', to, given.callerid, given.displayName, given.headers, {
        __proto__: null,
        authUser: optionalText(given.authUser, 'authUser'),
        password: optionalText(given.password, 'password'),
        outProxy: optionalText(given.outProxy, 'outProxy'),
        unavailable: given.regId === undefined || given.regId === null ? undefined : 'callSIP with a regId',
      });
    },
    callConference: (id, callerid, displayName, extraHeaders) => place('user', id, callerid, displayName, extraHeaders, { __proto__: null, unavailable: 'callConference' }),
    callWhatsappUser: (parameters) => {
      if (!object(parameters)) throw new TypeError(`the parameters must be an object, not ${kind(parameters)}`);
      return place('wab', parameters.number, parameters.callerid, undefined, parameters.headers, { __proto__: null, unavailable: 'callWhatsappUser' });
    },
  };
};
