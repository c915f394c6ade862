// VoxEngine but for its calls and players, JSession, and what reaches the session by its URL.
export default (base) => {
  const { op, text, words, lazily, application, unlisten, fire, parse, stringify, then, wellFormed, Error, Promise, deliveries, toLowerCase } = base;

  // `require` only makes a module's names available (voxengine.md §1).
  const required = { __proto__: null };
  const ofIVR = (name) => base.use('ivr')[name];
  const modules = { __proto__: null, applicationstorage: () => lazily(globalThis, 'ApplicationStorage', () => base.use('storage')), voximplantapi: () => lazily(globalThis, 'VoximplantAPI', () => base.use('management')), ivr: () => { lazily(globalThis, 'IVR', ofIVR); lazily(globalThis, 'IVRState', ofIVR); } };
  const require = (module) => {
    if (typeof module !== 'string') return;
    const name = toLowerCase(module);
    if (name === 'pushservice') throw new Error('PushService is not available in Cordboard: calls to users reach registered devices only');
    if (required[name]) return;
    required[name] = true;
    if (modules[name] !== undefined) modules[name]();
    base.use('names').require(name);
  };

  const answer = (id, value) => {
    if (value === undefined) return op.answer(id, 'nothing', '');
    if (typeof value === 'string') return op.answer(id, 'text', wellFormed(value));
    if (typeof value === 'number') return op.answer(id, 'text', `${value}`);
    const json = stringify(value);
    return json === undefined ? op.answer(id, 'nothing', '') : op.answer(id, 'json', wellFormed(json));
  };
  deliveries.request = (id, event) => {
    let value;
    try {
      value = fire(application, 'Application.HttpRequest', parse(event));
      if (typeof value !== 'object' || value === null || typeof value.then !== 'function') return answer(id, value);
    } catch (error) {
      op.answer(id, 'error', '');
      throw error;
    }
    const failed = (error) => { op.answer(id, 'error', ''); const { write, line } = base.use('log'); write('The promise of an HttpRequest handler was rejected: ' + line(error)); };
    then(new Promise((resolve) => resolve(value)), (result) => { try { answer(id, result); } catch (error) { failed(error); } }, failed);
    return undefined;
  };
  deliveries.socketArrived = (id, event) => base.use('websocket').arrived(id, parse(event), (name, payload) => fire(application, name, payload));
  deliveries.socketRefused = (number, event) => fire(application, 'Application.OnNewWebSocketFailed', parse(event));

  return {
    __proto__: null,
    require,
    removeEventListener: (event, handler) => unlisten(application, event, handler),
    customData: (value) => {
      if (value !== undefined) op.setCustomData(words(value, 'VoxEngine.customData'));
      return op.customData();
    },
    getSecretValue: (name) => op.secret(text(name, 'name')),
    allowWebSocketConnections: () => { op.allowSockets(); },
    createWebSocket: (url, parameters) => base.use('websocket').open(url, parameters),
    // Statistics and traces of sockets are not kept; asking for them changes nothing.
    enableStatisticsForIncomingWebsockets() {},
    disableStatisticsForIncomingWebsockets() {},
    enableTraceForIncomingWebsockets() {},
    disableTraceForIncomingWebsockets() {},
    // The engine's older name for itself.
    close: () => { base.use('session').terminate(); },
    JSession_getLeftMemBytes: () => op.leftMemory(),
    JSession_GC() {},
  };
};
