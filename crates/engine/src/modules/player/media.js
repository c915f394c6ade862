// Who hears whom (voxengine.md §12), and what calls and players have in common of what they play.
export default (base) => {
  const { op, kind, text, words, optionalText, headers, stringify, units, weakGet, bytes, TypeError } = base;
  const object = (value) => typeof value === 'object' && value !== null;

  const unit = (value, name) => {
    const found = object(value) ? weakGet(units, value) : undefined;
    if (found === undefined) throw new TypeError(`${name} takes a media unit such as a Call or a Player, not ${kind(value)}`);
    return found;
  };
  const silent = (a, b) => {
    if (a.kind !== 'socket' && b.kind !== 'socket') return false;
    op.later('Sound over a WebSocket');
    return true;
  };
  // A player is heard and hears nothing.
  const wire = (name, from, to) => { if (!silent(from, to) && to.kind === 'call') op.wire(name, from.kind === 'player', from.number, to.number); };
  const unwire = (name, from, to) => { if (!silent(from, to) && to.kind === 'call') op.unwire(name, from.kind === 'player', from.number, to.number); };

  // `say(text, voice)`, `say(text, {voice})` and the older `say(text, {language})`.
  const speech = (given, second, third) => {
    const parameters = object(second) ? second : { __proto__: null, voice: second };
    const voice = parameters.voice === undefined || parameters.voice === null ? parameters.language : parameters.voice;
    if (object(third) || object(parameters.ttsOptions) || object(parameters.request)) op.later('Shaping a voice (ttsOptions, request)');
    return { __proto__: null, Speech: { __proto__: null, text: words(given, 'The text that is spoken'), voice: optionalText(voice, 'voice') || '' } };
  };

  // A body stands beside the rest, which is JSON.
  const file = (request) => {
    const given = object(request) ? request : { __proto__: null, url: request };
    const method = optionalText(given.method, 'method') || 'GET';
    const url = text(given.url, 'url');
    const body = object(given.body) ? given.body : { __proto__: null, text: given.body };
    const has = (value) => value !== undefined && value !== null;
    return {
      __proto__: null,
      what: { __proto__: null, Url: { __proto__: null, url, method, headers: headers(given.headers, 'headers'), body: null } },
      text: has(body.text) ? text(body.text, 'body.text') : has(body.binary) && !object(body.binary) ? text(body.binary, 'body.binary') : undefined,
      bytes: object(body.binary) ? bytes(body.binary) : undefined,
    };
  };

  const play = (name, what, options, of) => {
    const wish = stringify({ __proto__: null, play: { __proto__: null, what, looped: !!options.looped, paused: !!options.paused }, name, call: options.call === undefined ? null : options.call, tone: !!options.tone });
    return of !== undefined && of.bytes !== undefined ? op.play(wish, undefined, of.bytes) : op.play(wish, of === undefined ? undefined : of.text);
  };

  return {
    play,
    file,
    speech,
    sendTo: (name, from, to) => wire(name, from, unit(to, name)),
    stopTo: (name, from, to) => unwire(name, from, unit(to, name)),
    sendMediaBetween: (a, b) => {
      const one = unit(a, 'VoxEngine.sendMediaBetween');
      const other = unit(b, 'VoxEngine.sendMediaBetween');
      wire('VoxEngine.sendMediaBetween', one, other);
      wire('VoxEngine.sendMediaBetween', other, one);
    },
    stopMediaBetween: (a, b) => {
      const one = unit(a, 'VoxEngine.stopMediaBetween');
      const other = unit(b, 'VoxEngine.stopMediaBetween');
      unwire('VoxEngine.stopMediaBetween', one, other);
      unwire('VoxEngine.stopMediaBetween', other, one);
    },
  };
};
