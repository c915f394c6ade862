// Helper functions without any state: bytes and texts, hashes, numbers, zones (voxengine.md §24).
export default (base) => {
  const { op, kind, text, isArray, parse, construct, NativeDate, dateValue, TypeError } = base;

  const bytes = (value, name) => {
    if (typeof value !== 'object' || value === null) throw new TypeError(`${name} must be a list of bytes, not ${kind(value)}`);
    return value;
  };
  const encoding = (value) => (value === undefined || value === null ? 'utf-8' : text(value, 'encoding'));

  // Pieces are put together by hand: Array.prototype belongs to the author.
  const joined = (value) => {
    let out = '';
    for (let i = 0; i < value.length; i += 1) out += text(value[i], `data[${i}]`);
    return out;
  };

  return {
    __proto__: null,
    base64_encode: (data) => (typeof data === 'object' && data !== null ? op.base64Bytes(data) : op.base64(text(data, 'data'))),
    base64_decode: (data) => op.unbase64(text(data, 'data')),
    str2bytes: (data, label) => op.encode(text(data, 'data'), encoding(label)),
    bytes2str: (data, label) => op.decode(bytes(data, 'data'), encoding(label)),
    bytes2hex: (data, toUpperCase) => op.hex(bytes(data, 'data'), !!toUpperCase),
    hex2bytes: (data) => op.unhex(text(data, 'data')),
    uuidgen: () => op.uuid(),
    levenshtein_distance: (str1, str2) => op.distance(text(str1, 'str1'), text(str2, 'str2')),
    getLocalTime: (timezone, date) => {
      let ms;
      try { ms = date === undefined || date === null ? op.now() : dateValue(date); } catch { throw new TypeError(`date must be a Date, not ${kind(date)}`); }
      if (ms !== ms) throw new TypeError('date must be a valid Date');
      return construct(NativeDate, [op.localTime(text(timezone, 'timezone'), ms)]);
    },
    md5: (data) => op.md5(isArray(data) ? joined(data) : text(data, 'data')),
    sha1: (data) => op.sha1(text(data, 'data')),
    sha256: (data) => op.sha256(text(data, 'data')),
    hmac_sha256: (key, data) => op.hmac(text(key, 'key'), text(data, 'data')),
    getInfo: (number, country) => parse(op.phone(text(number, 'number'), country === undefined || country === null ? undefined : text(country, 'country'))),
  };
};
