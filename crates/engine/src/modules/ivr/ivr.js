// The IVR module (voxengine.md §21).
export default (base) => {
  const { timer, clear } = base.use('timers');
  const { op, show, own, kind, text, optionalText, number, toLowerCase, weakGet, weakSet, WeakMap, TypeError } = base;
  const calls = base.use('call');
  const media = base.use('media');
  const { handleTones } = base.use('actions');
  const object = (value) => typeof value === 'object' && value !== null;
  const states = new WeakMap();
  const TYPES = { __proto__: null, select: true, inputfixed: true, inputunknown: true, noinput: true };
  // The states that calls are in, as a chain: a session has few calls.
  let entered = null;
  const IVR = {};

  const leave = (visit, keepsPrompt) => {
    visit.over = true;
    clear(visit.timer);
    visit.state.hook = undefined;
    if (!keepsPrompt && visit.prompting) op.stopPlayback(visit.state.number);
    let last = null;
    for (let at = entered; at !== null; last = at, at = at.next) {
      if (at !== visit) continue;
      if (last === null) entered = at.next;
      else last.next = at.next;
      return;
    }
  };

  const done = (visit) => {
    leave(visit);
    const { ivr, input, of } = visit;
    ivr.input = input;
    const { type } = of;
    const next = type === 'select' ? (object(of.settings.nextStates) ? of.settings.nextStates[input] : undefined) : of.settings.nextState;
    const goesOn = object(next) && weakGet(states, next) !== undefined;
    // Where a scenario wants both, the callback of digits comes first; a menu's is for digits that lead nowhere.
    if (type === 'select' && goesOn) return enter(next, visit.call);
    if (typeof of.complete === 'function') of.complete(input);
    // The callback may have entered a state itself.
    if (goesOn && current(visit.state) === undefined) enter(next, visit.call);
    return undefined;
  };
  const current = (state) => {
    for (let at = entered; at !== null; at = at.next) if (at.state === state) return at;
    return undefined;
  };

  const wait = (visit) => {
    clear(visit.timer);
    visit.timer = timer(() => {
      if (visit.over) return;
      leave(visit);
      visit.ivr.input = visit.input;
      if (typeof visit.of.timeout === 'function') visit.of.timeout(visit.input);
    }, visit.of.wait, [], false);
  };

  const heard = (visit, tone) => {
    const { type, settings, length, terminator } = visit.of;
    if (type === 'noinput') return;
    // The first digit cuts the prompt.
    if (visit.prompting) { visit.prompting = false; op.stopPlayback(visit.state.number); }
    if (type === 'select') { visit.input = tone; done(visit); return; }
    if (type === 'inputunknown' && terminator !== '' && tone === terminator) { done(visit); return; }
    visit.input += tone;
    if (type === 'inputfixed' && visit.input.length >= length) { done(visit); return; }
    if (type === 'inputunknown' && typeof settings.inputValidator === 'function' && settings.inputValidator(visit.input) === true) { done(visit); return; }
    // The validator may have left the state.
    if (!visit.over) wait(visit);
  };

  const prompted = (visit) => {
    visit.prompting = false;
    if (visit.of.type === 'noinput') done(visit);
    else wait(visit);
  };

  // Whether a prompt plays, whose end will be told.
  const play = (visit) => {
    const { prompt } = visit.of.settings;
    const to = { __proto__: null, call: visit.state.number };
    if (object(prompt) && prompt.play !== undefined && prompt.play !== null) {
      const file = media.file(prompt.play);
      return media.play('Call.startPlayback', file.what, to, file) !== 0;
    }
    if (!object(prompt) || prompt.say === undefined || prompt.say === null) return false;
    return media.play('Call.say', media.speech(prompt.say, { __proto__: null, voice: prompt.lang, ttsOptions: IVR.ttsOptions }), to) !== 0;
  };

  const enter = (ivr, call) => {
    const of = weakGet(states, ivr);
    const state = calls.stateOfGiven(call, 'the call');
    const before = current(state);
    if (before !== undefined) leave(before);
    if (state.state === 'TERMINATED') return;
    const visit = { __proto__: null, ivr, of, call, state, input: '', prompting: true, over: false, timer: undefined, next: entered };
    entered = visit;
    ivr.input = '';
    state.hook = (name, fields) => {
      if (visit.over) return;
      if (name === 'ToneReceived') heard(visit, fields.tone);
      else if (name === 'PlaybackFinished' && visit.prompting) prompted(visit);
      else if (name === 'Failed' || name === 'Disconnected') leave(visit, true);
    };
    if (of.type !== 'noinput') base.apply(handleTones, call, [true]);
    if (play(visit)) return;
    visit.prompting = false;
    // Without a prompt there is nothing to wait for; a timer keeps a state that leads to itself from going round for ever.
    if (of.type === 'noinput') visit.timer = timer(() => { if (!visit.over) done(visit); }, 0, [], false);
    else wait(visit);
  };

  class IVRState {
    constructor(name, settings, onInputComplete, onInputTimeout) {
      const called = optionalText(name, 'name') || '';
      if (!object(settings)) throw new TypeError(`the settings of an IVRState must be an object, not ${kind(settings)}`);
      const type = toLowerCase(text(settings.type, 'settings.type'));
      if (TYPES[type] === undefined) throw new TypeError("the type of an IVRState is 'select', 'inputfixed', 'inputunknown' or 'noinput'");
      weakSet(states, this, {
        __proto__: null,
        type,
        settings,
        length: number(settings.inputLength, 'settings.inputLength', 1),
        terminator: optionalText(settings.terminateOn, 'settings.terminateOn') || '',
        wait: number(settings.timeout, 'settings.timeout', 5000),
        complete: onInputComplete,
        timeout: onInputTimeout,
      });
      own(this, 'name', called);
      own(this, 'settings', settings);
      own(this, 'input', '');
    }
    enter(call) {
      if (weakGet(states, this) === undefined) throw new TypeError('this is no IVRState');
      enter(this, call);
    }
  }

  own(IVR, 'ttsOptions', undefined);
  show(IVR, 'reset', { reset() { while (entered !== null) leave(entered); } }.reset);
  return { IVR, IVRState };
};
