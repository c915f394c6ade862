// What authors write, made into what ops take; for every file of the prelude.
export default (base) => {
  const { op, own, append, ownKeys, keys, isArray, isFinite, wellFormed, Error, TypeError } = base;

  // A plain object of an event or a result, whose fields no changed Object.prototype can catch.
  base.record = (fields) => {
    const out = { ...fields };
    const names = ownKeys(out);
    for (let i = 0; i < names.length; i += 1) if (out[names[i]] === undefined) delete out[names[i]];
    return out;
  };

  const kind = (value) => (value === null ? 'null' : isArray(value) ? 'an array' : typeof value === 'object' || typeof value === 'undefined' ? typeof value : `a ${typeof value}`);

  // Copying millions of letters takes long; a loop that does so has to hear of the brake.
  const LONG = 65536;
  const outside = (value) => { if (value.length > LONG) op.mayGoOn(); return wellFormed(value); };

  const text = (value, name) => {
    if (typeof value === 'string') return outside(value);
    if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
    throw new TypeError(`${name} must be a string, not ${kind(value)}`);
  };

  const isText = (value) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

  // Headers as authors write them: an object, a list of 'Name: value' texts, or a list of {name | key, value}. What has no text is
  // left out: headers are handed on from events that may lack them.
  base.headers = (value, name) => {
    const out = [];
    if (value === undefined || value === null) return out;
    const add = (key, of) => {
      if (!isText(key)) op.note('A header of ' + name + ' is not sent: its name is ' + kind(key));
      else if (!isText(of)) op.note("Header '" + key + "' is not sent: its value is " + kind(of));
      else append(out, [text(key, name), text(of, name)]);
    };
    if (isArray(value)) {
      for (let i = 0; i < value.length; i += 1) {
        const item = value[i];
        if (typeof item === 'string') append(out, op.header(item));
        else if (typeof item === 'object' && item !== null) add(item.name === undefined ? item.key : item.name, item.value);
        else throw new TypeError(`${name}[${i}] must be 'Name: value' or {name, value}, not ${kind(item)}`);
      }
    } else if (typeof value === 'object') {
      const names = keys(value);
      for (let i = 0; i < names.length; i += 1) add(names[i], value[names[i]]);
    } else throw new TypeError(`${name} must be an object or a list, not ${kind(value)}`);
    return out;
  };

  base.kind = kind;
  base.outside = outside;
  base.text = text;
  base.bytes = (value) => { op.mayGoOn(); return op.bytes(value); };
  base.optionalText = (value, name) => (value === undefined || value === null ? undefined : text(value, name));
  // Text that people are told, which may come from events and answers that lack it: as JavaScript makes it, or empty.
  base.words = (value, name) => {
    if (isText(value)) return text(value, name);
    const absent = value === undefined || value === null;
    op.note(name + ' is ' + kind(value) + (absent ? ', which is taken as an empty text' : ', which is taken as the text that JavaScript makes of it: is JSON.stringify missing?'));
    return absent ? '' : text(`${value}`, name);
  };
  base.number = (value, name, fallback) => {
    if (value === undefined || value === null) return fallback;
    const got = typeof value === 'string' && value !== '' ? +value : value;
    if (typeof got !== 'number' || !isFinite(got)) throw new TypeError(`${name} must be a number, not ${kind(value)}`);
    return got;
  };

  base.unlisten = (table, event, handler) => {
    const list = table[event];
    if (list === undefined) return;
    const shorter = [];
    if (handler !== undefined) for (let i = 0; i < list.length; i += 1) if (list[i] !== handler) append(shorter, list[i]);
    if (shorter.length === 0) delete table[event];
    else table[event] = shorter;
  };

  return {
    __proto__: null,
    // Scenarios listen to constants that exist in no version (voxengine-priorities.md); such an event never comes.
    noEvent: (event) => { op.note('addEventListener has no effect: the event must be a name such as AppEvents.Started, not ' + kind(event) + '. Is the constant misspelled?', new Error()); },
    noHandler: (event, handler) => { throw new TypeError(`the handler of ${event} is no function but ${kind(handler)}`); },
  };
};
