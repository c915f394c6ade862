// Calls: how they come to be, what they hear, and what most scenarios do with them (voxengine.md §8 to §11).
export default (base) => {
  const { op, kind, parse, optionalText, headers, stringify, listeners, listen, fire, create, weakGet, weakSet, units, application, WeakMap, TypeError, deliveries } = base;
  const states = new WeakMap();
  const calls = { __proto__: null };
  const object = (value) => typeof value === 'object' && value !== null;
  const stateOf = (call) => {
    const state = weakGet(states, call);
    if (state === undefined) throw new TypeError('this is no Call');
    return state;
  };
  // Each action is one of those of the session's outputs, by its name.
  const act = (state, name, action) => op.act(state.number, name, stringify(action));
  const withHeaders = (value) => ({ __proto__: null, headers: headers(value, 'headers') });

  class Call {
    constructor() { throw new TypeError('a Call is made by VoxEngine.callPSTN and the like'); }
  }
  // Each method goes on to the function of its name here or in `actions`.
  op.callMethods(Call.prototype);

  const made = (state) => {
    const call = create(Call.prototype);
    state.listeners = listeners();
    weakSet(states, call, state);
    weakSet(units, call, { __proto__: null, kind: 'call', number: state.number });
    calls[state.number] = call;
    return call;
  };

  deliveries.alerting = (id, json) => {
    const event = parse(json);
    const call = made({ __proto__: null, number: id, id: event.id, state: 'ALERTING', incoming: true, callerid: event.callerid, displayName: event.displayName, to: event.destination, clientType: event.clientType, customData: event.customData, hook: undefined });
    const { callerid, destination, displayName, toURI, fromURI, customData, scheme } = event;
    fire(application, 'Application.CallAlerting', { name: 'Application.CallAlerting', call, callerid, destination, displayName, toURI, fromURI, headers: event.headers, customData, scheme });
  };

  const STATES = { __proto__: null, Connected: 'CONNECTED', Failed: 'TERMINATED', Disconnected: 'TERMINATED' };
  // QuickJS asks String.prototype.concat for template texts, which authors may change; it does not for '+'.
  const tell = (call, state, event, fields) => {
    const name = 'Call.' + event;
    if (state.listeners[name] !== undefined) fire(state.listeners, name, { call, id: state.id, name, ...fields });
  };
  deliveries.call = (id, json) => {
    const call = calls[id];
    if (call === undefined) return;
    const state = stateOf(call);
    const { name, fields } = parse(json);
    // An IVR state that a handler enters does not hear of what happened before.
    const { hook } = state;
    const newState = STATES[name];
    if (newState === 'TERMINATED') delete calls[id];
    if (newState !== undefined) {
      const oldState = state.state;
      state.state = newState;
      if (name === 'Connected' && state.incoming) fields.customData = state.customData;
      tell(call, state, 'StateChanged', { __proto__: null, oldState, newState });
    }
    tell(call, state, name, fields);
    // It has a turn of its own, which a session without a listener does not need.
    if (name === 'Connected' && state.listeners['Call.AudioQualityDetected'] !== undefined) { base.use('actions'); op.qualityDetected(id); }
    if (hook !== undefined) hook(name, fields);
  };

  return {
    __proto__: null,
    Call,
    made,
    act,
    withHeaders,
    stateOf,
    // The state of what an author gives for a call.
    stateOfGiven: (value, name) => {
      const state = object(value) ? weakGet(states, value) : undefined;
      if (state === undefined) throw new TypeError(`${name} must be a Call, not ${kind(value)}`);
      return state;
    },
    addEventListener(event, handler) { listen(stateOf(this).listeners, event, handler); },
    answer(extraHeaders, parameters) {
      const state = stateOf(this);
      const display = object(parameters) ? optionalText(parameters.displayName, 'displayName') : undefined;
      act(state, 'answer', { __proto__: null, Answer: { __proto__: null, headers: headers(extraHeaders, 'headers'), display_name: display || '' } });
    },
    hangup(extraHeaders) { act(stateOf(this), 'hangup', { __proto__: null, Hangup: withHeaders(extraHeaders) }); },
  };
};
