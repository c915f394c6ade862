// WebSocket, outgoing and incoming, for text and bytes (voxengine.md §19).
export default (base) => {
  const { op, own, record, kind, text, headers, listeners, listen, unlisten, fire, append, isArray, parse, stringify, create, weakGet, weakSet, wellFormed, units, WeakMap, TypeError, Error, deliveries } = base;
  const sockets = { __proto__: null };
  const HANDLERS = ['onopen', 'onmessage', 'onclose', 'onerror', 'oncreated', 'onmediastarted', 'onmediaended'];
  const states = new WeakMap();
  const stateOf = (socket) => {
    const state = weakGet(states, socket);
    if (state === undefined) throw new TypeError('this is no WebSocket');
    return state;
  };

  const protocols = (value) => {
    const out = [];
    if (value === undefined || value === null) append(out, 'chat');
    else if (isArray(value)) for (let i = 0; i < value.length; i += 1) append(out, text(value[i], `protocols[${i}]`));
    else append(out, text(value, 'protocols'));
    return out;
  };

  // Sound is wired without effect, so that what else a scenario does with its socket goes on.
  const media = (name, socket, to) => {
    op.later('Sound over a WebSocket');
    stateOf(socket);
    if (to !== undefined) base.use('media')[name](`WebSocket.${name}`, weakGet(units, socket), to);
  };

  class WebSocket {
    constructor(url, parameters) {
      // The older form names the protocol as the second argument.
      const given = typeof parameters === 'string' || isArray(parameters) ? { protocols: parameters } : parameters === undefined || parameters === null ? {} : parameters;
      if (typeof given !== 'object') throw new TypeError(`parameters must be an object, not ${kind(parameters)}`);
      const address = text(url, 'url');
      const id = op.connect(address, stringify(protocols(given.protocols)), stringify(headers(given.headers, 'headers')));
      begin(this, id, address, 'connecting');
    }
    id() { return `${stateOf(this).id}`; }
    get url() { return stateOf(this).url; }
    get readyState() { return stateOf(this).readyState; }
    addEventListener(event, handler) { listen(stateOf(this).listeners, event, handler); }
    removeEventListener(event, handler) { unlisten(stateOf(this).listeners, event, handler); }
    send(data) {
      const state = stateOf(this);
      if (state.readyState !== 'open') throw new Error(`a message cannot be sent while the WebSocket is ${state.readyState}`);
      if (typeof data === 'object' && data !== null) op.sendBytes(state.id, base.bytes(data));
      else op.sendText(state.id, text(data, 'data'));
    }
    close(code, reason) {
      const state = stateOf(this);
      if (state.readyState === 'closed' || state.readyState === 'closing') return;
      op.closeSocket(state.id, typeof code === 'number' ? code : 1000, typeof reason === 'string' ? wellFormed(reason) : '');
      state.readyState = 'closing';
    }
    sendMediaTo(mediaUnit) { media('sendTo', this, mediaUnit); }
    stopMediaTo(mediaUnit) { media('stopTo', this, mediaUnit); }
    clearMediaBuffer() { media('clearMediaBuffer', this); }
  }

  const begin = (socket, id, url, readyState) => {
    weakSet(states, socket, { __proto__: null, id, url, readyState, listeners: listeners() });
    for (let i = 0; i < HANDLERS.length; i += 1) own(socket, HANDLERS[i], null);
    weakSet(units, socket, { __proto__: null, kind: 'socket', number: id });
    sockets[id] = socket;
  };

  const EVENTS = { __proto__: null, 'WebSocket.Open': 'onopen', 'WebSocket.Message': 'onmessage', 'WebSocket.Close': 'onclose', 'WebSocket.Error': 'onerror' };
  const happen = (id, event, fields, readyState) => {
    const socket = sockets[id];
    if (socket === undefined) return;
    const state = stateOf(socket);
    if (readyState !== undefined) state.readyState = readyState;
    if (readyState === 'closed') delete sockets[id];
    const payload = record({ __proto__: null, websocket: socket, name: event, ...fields });
    // The `on…` properties come before the listeners (voxengine.md §7).
    const property = socket[EVENTS[event]];
    if (typeof property === 'function') base.apply(property, socket, [payload]);
    fire(state.listeners, event, payload);
  };

  deliveries.socketOpened = (id) => happen(id, 'WebSocket.Open', {}, 'open');
  deliveries.socketText = (id, got) => happen(id, 'WebSocket.Message', { text: parse(got) });
  deliveries.socketBytes = (id, got) => happen(id, 'WebSocket.Message', { data: parse(got) });
  deliveries.socketFailed = (id, json) => {
    const reason = parse(json);
    happen(id, 'WebSocket.Error', { reason });
    happen(id, 'WebSocket.Close', { code: 1006, reason, wasClean: false }, 'closed');
  };
  deliveries.socketClosed = (id, close) => happen(id, 'WebSocket.Close', parse(close), 'closed');

  return {
    WebSocket,
    open: (url, parameters) => new WebSocket(url, parameters),
    arrived: (id, event, tell) => {
      const socket = create(WebSocket.prototype);
      begin(socket, id, event.path, 'open');
      own(event, 'websocket', socket);
      tell('AppEvents.NewWebSocketConnection', event);
    },
  };
};
