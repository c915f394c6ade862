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
    base64_encode: { base64_encode(data) { return typeof data === 'object' && data !== null ? op.base64Bytes(data) : op.base64(text(data, 'data')); } }.base64_encode,
    base64_decode: { base64_decode(data) { return op.unbase64(text(data, 'data')); } }.base64_decode,
    str2bytes: { str2bytes(data, label) { return op.encode(text(data, 'data'), encoding(label)); } }.str2bytes,
    bytes2str: { bytes2str(data, label) { return op.decode(bytes(data, 'data'), encoding(label)); } }.bytes2str,
    bytes2hex: { bytes2hex(data, toUpperCase) { return op.hex(bytes(data, 'data'), !!toUpperCase); } }.bytes2hex,
    hex2bytes: { hex2bytes(data) { return op.unhex(text(data, 'data')); } }.hex2bytes,
    uuidgen: { uuidgen() { return op.uuid(); } }.uuidgen,
    levenshtein_distance: { levenshtein_distance(str1, str2) { return op.distance(text(str1, 'str1'), text(str2, 'str2')); } }.levenshtein_distance,
    getLocalTime: {
      getLocalTime(timezone, date) {
        let ms;
        try { ms = date === undefined || date === null ? op.now() : dateValue(date); } catch { throw new TypeError(`date must be a Date, not ${kind(date)}`); }
        if (ms !== ms) throw new TypeError('date must be a valid Date');
        return construct(NativeDate, [op.localTime(text(timezone, 'timezone'), ms)]);
      },
    }.getLocalTime,
    Crypto: {
      md5(data) { return op.md5(isArray(data) ? joined(data) : text(data, 'data')); },
      sha1(data) { return op.sha1(text(data, 'data')); },
      sha256(data) { return op.sha256(text(data, 'data')); },
      hmac_sha256(key, data) { return op.hmac(text(key, 'key'), text(data, 'data')); },
    },
    PhoneNumber: {
      getInfo(number, country) { return parse(op.phone(text(number, 'number'), country === undefined || country === null ? undefined : text(country, 'country'))); },
    },
  };
};
