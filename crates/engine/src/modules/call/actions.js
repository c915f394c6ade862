// What scenarios do to calls, beyond answering and hanging up (voxengine.md §9 to §11).
export default (base) => {
  const { op, own, kind, words, headers, floor, unlisten, weakGet, units, number, toLowerCase, Error } = base;
  const { act, stateOf, withHeaders } = base.use('call');
  // Many calls play nothing and are heard by nobody.
  const media = () => base.use('media');
  const object = (value) => typeof value === 'object' && value !== null;
  // What is no refusal must not keep a scenario from refusing.
  const code = (value, name) => {
    const given = typeof value === 'string' ? +value : value;
    if (typeof given === 'number' && given >= 300 && given < 700) return floor(given);
    if (value !== undefined && value !== null) op.note(name + ' takes a code from 300 to 699, not ' + (typeof given === 'number' ? given : kind(value)) + ': 603 is sent');
    return 603;
  };
  const optionalWords = (value, name) => (value === undefined || value === null ? '' : words(value, name));
  const decline = (call, name, given, extraHeaders) => {
    const state = stateOf(call);
    act(state, name, { __proto__: null, Reject: { __proto__: null, code: code(given, 'Call.' + name), headers: headers(extraHeaders, 'headers') } });
  };
  // Ringing tones of the two countries: 440 + 480 Hz, 2 s of sound and 4 of silence; 425 Hz, 0.8 and 3.2 s. ITU-T E.180, supplement 2.
  const TONES = { __proto__: null, us: '440@-19,480@-19;*(2/4/1+2)', ru: '425@-19;*(0.8/3.2/1)' };
  const toneOf = (country) => {
    const script = typeof country === 'string' ? TONES[toLowerCase(country)] : undefined;
    if (script === undefined && country !== undefined && country !== null && country !== '') op.note("Call.playProgressTone knows the tones of 'US' and 'RU' and no other country's: that of 'US' is played");
    return script === undefined ? TONES.us : script;
  };

  const actions = {
    __proto__: null,
    id() { return stateOf(this).id; },
    state() { return stateOf(this).state; },
    incoming() { return stateOf(this).incoming; },
    callerid() { return stateOf(this).callerid; },
    displayName() { return stateOf(this).displayName; },
    number() { return stateOf(this).to; },
    clientType() { return stateOf(this).clientType; },
    vad() { return false; },
    toString() { return 'Call(' + stateOf(this).id + ')'; },
    customData(value) {
      const state = stateOf(this);
      if (value !== undefined) { const given = words(value, 'Call.customData'); op.callCustomData(state.number, given); state.customData = given; }
      return state.customData;
    },
    removeEventListener(event, handler) { unlisten(stateOf(this).listeners, event, handler); },

    ring(extraHeaders) { act(stateOf(this), 'ring', { __proto__: null, Ring: withHeaders(extraHeaders) }); },
    startEarlyMedia(extraHeaders) { act(stateOf(this), 'startEarlyMedia', { __proto__: null, EarlyMedia: withHeaders(extraHeaders) }); },
    reject(given, extraHeaders) { decline(this, 'reject', given, extraHeaders); },
    decline(given, extraHeaders) { decline(this, 'decline', given, extraHeaders); },

    say(given, parameters, ttsOptions) {
      const state = stateOf(this);
      media().play('Call.say', media().speech(given, parameters, ttsOptions), { __proto__: null, call: state.number });
    },
    startPlayback(url, parameters) {
      const state = stateOf(this);
      const looped = object(parameters) ? parameters.loop : parameters;
      const file = media().file(url);
      media().play('Call.startPlayback', file.what, { __proto__: null, call: state.number, looped }, file);
    },
    playProgressTone(country) {
      const state = stateOf(this);
      media().play('Call.playProgressTone', { __proto__: null, Tone: { __proto__: null, script: toneOf(country) } }, { __proto__: null, call: state.number, tone: true });
    },
    // The ops of sound come with its file.
    stopPlayback() { const state = stateOf(this); media(); op.stopPlayback(state.number); },
    sendMediaTo(mediaUnit) { stateOf(this); media().sendTo('Call.sendMediaTo', weakGet(units, this), mediaUnit); },
    stopMediaTo(mediaUnit) { stateOf(this); media().stopTo('Call.stopMediaTo', weakGet(units, this), mediaUnit); },

    handleTones(doHandle, types) {
      const state = stateOf(this);
      const type = number(types, 'supportedDtmfTypes', 0);
      if (doHandle && type === 2) op.later('Finding tones in the sound of a call (DTMFType.IN_BAND)');
      act(state, 'handleTones', { __proto__: null, Tones: { __proto__: null, telephone_event: !!doHandle && (type === 0 || type === 1), info: !!doHandle && (type === 0 || type === 3) } });
    },
    sendDigits(digits) { act(stateOf(this), 'sendDigits', { __proto__: null, Digits: { __proto__: null, digits: words(digits, 'Call.sendDigits') } }); },
    sendMessage(message) { act(stateOf(this), 'sendMessage', { __proto__: null, Message: { __proto__: null, text: words(message, 'The text of Call.sendMessage') } }); },
    sendInfo(mimeType, body, extraHeaders) {
      const info = { __proto__: null, mime_type: optionalWords(mimeType, 'The mimeType of Call.sendInfo'), body: optionalWords(body, 'The body of Call.sendInfo'), headers: headers(extraHeaders, 'headers') };
      act(stateOf(this), 'sendInfo', { __proto__: null, Info: info });
    },
    // Descriptions are the platform's to agree on (switch).
    reInvite() { op.later('Call.reInvite'); stateOf(this); },
    acceptReInvite() { op.later('Call.acceptReInvite'); stateOf(this); },
    rejectReInvite() { op.later('Call.rejectReInvite'); stateOf(this); },
    handleMicStatus() { op.later('Call.handleMicStatus'); stateOf(this); },
    handleBlindTransfer() { op.later('Call.handleBlindTransfer'); stateOf(this); },
    // Off is what these are.
    disableBeepDetection() { op.later('Call.disableBeepDetection'); stateOf(this); },
  };
  const missing = ['answerDirect', 'record', 'notifyBlindTransferSuccess', 'notifyBlindTransferFailed', 'enableBeepDetection', 'transferTo', 'monitorMediaStatistics'];
  for (let i = 0; i < missing.length; i += 1) {
    own(actions, missing[i], () => { throw new Error(`Call.${missing[i]} is not yet available in Cordboard`); });
  }
  return actions;
};
