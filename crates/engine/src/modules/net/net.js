// Net: outgoing HTTP requests and mail (voxengine.md §18).
export default (base) => {
  const { promised, called } = base.use('promises');
  const { op, record, kind, text, optionalText, number, headers, append, isArray, stringify, keys, floor, TypeError, RangeError } = base;

  const body = (value) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return text(value, 'postData');
    if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
    if (typeof value === 'object') return base.bytes(value);
    throw new TypeError(`postData must be a string or a list of bytes, not ${kind(value)}`);
  };

  const query = (value) => {
    const out = [];
    if (value === undefined || value === null) return out;
    if (typeof value !== 'object') throw new TypeError(`params must be an object, not ${kind(value)}`);
    const names = keys(value);
    for (let i = 0; i < names.length; i += 1) append(out, [names[i], text(value[names[i]], `params.${names[i]}`)]);
    return out;
  };

  const request = (url, options) => {
    const given = options === undefined || options === null ? {} : options;
    if (typeof given !== 'object') throw new TypeError(`options must be an object, not ${kind(options)}`);
    const sent = body(given.postData);
    return [
      text(url, 'url'),
      optionalText(given.method, 'method') || 'GET',
      stringify(headers(given.headers, 'headers')),
      stringify(query(given.params)),
      sent,
      number(given.timeout, 'timeout', 90),
      number(given.connectionTimeout, 'connectionTimeout', 6),
      !!given.rawOutput,
      given.enableSystemLog !== false,
    ];
  };

  const people = (value, name) => {
    const out = [];
    if (value === undefined || value === null) return out;
    if (!isArray(value)) append(out, text(value, name));
    else for (let i = 0; i < value.length; i += 1) append(out, text(value[i], `${name}[${i}]`));
    return out;
  };

  const mail = (server, from, to, title, content, options) => {
    const given = options === undefined || options === null ? {} : options;
    if (typeof given !== 'object') throw new TypeError(`options must be an object, not ${kind(options)}`);
    const port = number(given.port, 'port', undefined);
    if (port !== undefined && !(port >= 1 && port <= 65535 && port === floor(port))) throw new RangeError(`port must be a whole number from 1 to 65535, not ${port}`);
    return stringify(record({
      server: text(server, 'mailServerAddress'),
      port,
      login: optionalText(given.login, 'login'),
      password: optionalText(given.password, 'password'),
      from: text(from, 'from'),
      to: people(to, 'to'),
      cc: people(given.cc, 'cc'),
      bcc: people(given.bcc, 'bcc'),
      subject: text(title, 'title'),
      text: text(content, 'body'),
      html: optionalText(given.html, 'html'),
    }));
  };

  // A callback may be missing; anything else that is no function is an error where it is written.
  const callback = (value) => {
    if (value === undefined || value === null) return () => {};
    if (typeof value !== 'function') throw new TypeError(`the callback must be a function, not ${kind(value)}`);
    return value;
  };

  class HttpRequestOptions {}

  return {
    httpRequest(url, done, options) { const handler = callback(done); called(op.http(request(url, options), true), handler); },
    httpRequestAsync(url, options) { return promised(() => op.http(request(url, options), false)); },
    sendMail(server, from, to, title, content, done, options) {
      const handler = callback(done);
      called(op.mail(mail(server, from, to, title, content, options)), handler);
    },
    sendMailAsync(server, from, to, title, content, options) { return promised(() => op.mail(mail(server, from, to, title, content, options))); },
    HttpRequestOptions,
  };
};
