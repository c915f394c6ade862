// Players of a scenario's own (voxengine.md §14).
export default (base) => {
  const { op, parse, record, kind, text, number, listeners, listen, unlisten, fire, create, weakGet, weakSet, units, WeakMap, TypeError, deliveries } = base;
  const media = base.use('media');
  const states = new WeakMap();
  const players = { __proto__: null };
  const stateOf = (player) => {
    const state = weakGet(states, player);
    if (state === undefined) throw new TypeError('this is no Player');
    return state;
  };
  const act = (player, name, offset) => op.actOnPlayer(stateOf(player).number, name, offset);

  class BasePlayer {
    constructor() { throw new TypeError('a Player is made by VoxEngine.createURLPlayer and the like'); }
    id() { return '' + stateOf(this).number; }
    addEventListener(event, handler) { listen(stateOf(this).listeners, event, handler); }
    removeEventListener(event, handler) { unlisten(stateOf(this).listeners, event, handler); }
    pause() { act(this, 'pause', 0); }
    resume() { act(this, 'resume', 0); }
    stop() { act(this, 'stop', 0); }
    sendMediaTo(mediaUnit) { stateOf(this); media.sendTo('Player.sendMediaTo', weakGet(units, this), mediaUnit); }
    stopMediaTo(mediaUnit) { stateOf(this); media.stopTo('Player.stopMediaTo', weakGet(units, this), mediaUnit); }
  }
  class Player extends BasePlayer {
    addMarker(offset) { act(this, 'addMarker', number(offset, 'offset', 0)); }
  }

  const made = (id) => {
    const player = create(Player.prototype);
    weakSet(states, player, { __proto__: null, number: id, created: false, listeners: listeners() });
    weakSet(units, player, { __proto__: null, kind: 'player', number: id });
    if (id !== 0) players[id] = player;
    return player;
  };

  // As in call.js, no template texts.
  const tell = (player, state, event, fields) => {
    const name = 'Player.' + event;
    fire(state.listeners, name, record({ __proto__: null, player, id: '' + state.number, name, ...fields }));
  };
  const born = (player, state) => {
    if (state.created) return;
    state.created = true;
    tell(player, state, 'Created', {});
  };
  deliveries.playerCreated = (id) => {
    const player = players[id];
    if (player !== undefined) born(player, stateOf(player));
  };
  deliveries.player = (id, json) => {
    const player = players[id];
    if (player === undefined) return;
    const state = stateOf(player);
    const event = parse(json);
    if (event.name === 'PlaybackFinished' || event.name === 'Stopped') delete players[id];
    born(player, state);
    tell(player, state, event.name, event.fields);
  };

  const optionsOf = (parameters, name) => {
    if (parameters === undefined || parameters === null || typeof parameters === 'boolean') return { __proto__: null, looped: parameters === true };
    if (typeof parameters !== 'object') throw new TypeError(`the parameters of ${name} must be an object, not ${kind(parameters)}`);
    return { __proto__: null, looped: parameters.loop, paused: parameters.onPause };
  };
  const tones = (name) => (script, parameters) =>
    made(media.play('VoxEngine.' + name, { __proto__: null, Tone: { __proto__: null, script: text(script, 'script') } }, optionsOf(parameters, name)));

  return {
    BasePlayer,
    Player,
    createURLPlayer: (request, parameters) => {
      const file = media.file(request);
      return made(media.play('VoxEngine.createURLPlayer', file.what, optionsOf(parameters, 'createURLPlayer'), file));
    },
    createTTSPlayer: (words, parameters, ttsOptions) => {
      const options = typeof parameters === 'object' ? optionsOf(parameters, 'createTTSPlayer') : { __proto__: null };
      return made(media.play('VoxEngine.createTTSPlayer', media.speech(words, parameters, ttsOptions), { __proto__: null, paused: options.paused }));
    },
    createToneScriptPlayer: tones('createToneScriptPlayer'),
    createToneScript: tones('createToneScript'),
  };
};
