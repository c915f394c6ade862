use crate::testing::{said, values};

fn is(expression: &str, expected: &str) {
    assert_eq!(values(&[expression]), [expected], "{expression}");
}

#[test]
fn base64_takes_text_and_bytes_and_gives_a_plain_list() {
    is("base64_encode('hello')", "aGVsbG8=");
    is("base64_encode('п')", "0L8=");
    is("base64_encode([0, 255, 16])", "AP8Q");
    is("base64_encode(new Uint8Array([0, 255, 16]))", "AP8Q");
    is("base64_encode('') + base64_decode('').length", "0");
    is("JSON.stringify(base64_decode('aGVsbG8='))", "[104,101,108,108,111]");
    is("Array.isArray(base64_decode('aGk=')) && base64_decode('aGk=') instanceof Array", "true");
}

#[test]
fn base64_may_lack_padding_and_have_line_breaks() {
    is("bytes2str(base64_decode('aGVs\\r\\nbG8'))", "hello");
    is("base64_decode('a*b=')", "Error: base64_decode: the text is not base64: Invalid symbol 42, offset 1.");
}

#[test]
fn hexadecimal_digits_are_bytes() {
    is("bytes2hex([202, 254], false)", "cafe");
    is("bytes2hex([202, 254], true)", "CAFE");
    is("bytes2hex([])", "");
    is("hex2bytes('cafeCAFE')", "202,254,202,254");
    is("hex2bytes('caf')", "Error: hex2bytes: each byte has two digits, so there cannot be 3");
    is("hex2bytes('xy')", "Error: hex2bytes: character 0 is 'x', not a hexadecimal digit");
}

#[test]
fn text_is_utf_8_unless_an_encoding_is_named() {
    is("str2bytes('п')", "208,191");
    is("str2bytes('п', 'UTF-8')", "208,191");
    is("bytes2str([208, 191])", "п");
    is("str2bytes('Привет', 'windows-1251')", "207,240,232,226,229,242");
    is("bytes2str(str2bytes('Привет', 'koi8-r'), 'koi8-r')", "Привет");
    is("str2bytes('aп', 'utf-16')", "97,0,63,4");
    is("str2bytes('aп', 'utf-16be')", "0,97,4,63");
    is("bytes2str([97, 0, 63, 4], 'utf-16le')", "aп");
    is("bytes2str(str2bytes('日本', 'shift_jis'), 'shift_jis')", "日本");
}

#[test]
fn latin_1_has_every_byte() {
    is("str2bytes(bytes2str(Array.from({ length: 256 }, (_, i) => i), 'latin1'), 'iso-8859-1').every((byte, i) => byte === i)", "true");
    is("str2bytes('€', 'latin1')", "Error: str2bytes: ISO-8859-1 has no character '€' (U+20AC)");
}

#[test]
fn what_an_encoding_cannot_say_is_an_error() {
    is("str2bytes('日', 'windows-1251')", "Error: str2bytes: windows-1251 has no character '日' (U+65E5)");
    is("str2bytes('a', 'klingon')", "Error: str2bytes: unknown encoding 'klingon'");
    is("bytes2str([97], 'klingon')", "Error: bytes2str: unknown encoding 'klingon'");
    is("bytes2str([97, 255], 'utf-8')", "a\u{fffd}");
}

#[test]
fn half_a_surrogate_pair_is_the_replacement_character() {
    is("str2bytes('\\ud800')", "239,191,189");
    is("Crypto.sha1('\\ud800') === Crypto.sha1('\\ufffd')", "true");
    is("base64_encode('\\udc00')", "77+9");
    is("levenshtein_distance('\\ud800', '\\ufffd')", "0");
}

#[test]
fn bytes_must_be_bytes() {
    is("bytes2hex([1, 256])", "TypeError: byte 1 must be a whole number from 0 to 255, not 256");
    is("bytes2hex([1.5])", "TypeError: byte 0 must be a whole number from 0 to 255, not 1.5");
    is("bytes2hex([, 1])", "TypeError: byte 0 must be a number from 0 to 255");
    is("bytes2hex('cafe')", "TypeError: data must be a list of bytes, not a string");
    is("bytes2str(null)", "TypeError: data must be a list of bytes, not null");
    is("base64_decode({})", "TypeError: data must be a string, not object");
    is("base64_encode(Symbol())", "TypeError: data must be a string, not a symbol");
}

#[test]
fn sizes_are_bounded_by_errors_that_name_the_limit() {
    is("base64_encode('a'.repeat(262145))", "Error: base64_encode takes at most 262144 bytes of text at once, not 262145");
    is("base64_encode(new Uint8Array(262145))", "TypeError: at most 262144 bytes are taken at once, not 262145");
    is("bytes2hex(new Array(4294967295))", "TypeError: at most 262144 bytes are taken at once, not 4294967295");
    is("hex2bytes('ab'.repeat(200000))", "Error: hex2bytes takes at most 262144 bytes of text at once, not 400000");
    is("str2bytes('a'.repeat(200000), 'utf-16')", "Error: a list takes at most 262144 bytes at once, not 400000");
    is("Crypto.md5('a'.repeat(1048577))", "Error: Crypto.md5 takes at most 1048576 bytes of text at once, not 1048577");
    is("base64_decode(base64_encode(new Uint8Array(190000))).length", "190000");
}

#[test]
fn hostile_lists_fail_and_the_session_lives_on() {
    is("bytes2hex({ get length() { throw new Error('mine'); } })", "TypeError: bytes must be a list of numbers from 0 to 255");
    is("bytes2hex({ length: 1, get 0() { throw new Error('mine'); } })", "TypeError: byte 0 must be a number from 0 to 255");
    is("bytes2hex(new Proxy([1, 2], {}))", "0102");
    is("bytes2hex(new Proxy([], { get: (_, name) => name === 'length' ? 1e300 : 1 }))", "TypeError: at most 262144 bytes are taken at once, not 18446744073709551615");
    is(
        "(() => { const list = [1, 2]; Object.defineProperty(list, 0, { get() { list.length = 0; return 7; } }); return bytes2hex(list); })()",
        "TypeError: byte 1 must be a number from 0 to 255",
    );
    is("bytes2hex((() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy; })())", "TypeError: bytes must be a list of numbers from 0 to 255");
}

#[test]
fn changed_built_ins_change_nothing() {
    let script = "const real = Date, get = Object.getOwnPropertyDescriptor;
        Object.defineProperty(Array.prototype, 0, { set() { throw new Error('caught'); }, configurable: true });
        Date.prototype.getTime = () => 0; JSON.parse = () => 0; String.prototype.toWellFormed = () => 'x'; globalThis.Date = undefined;
        const bytes = hex2bytes('0a'); Logger.write(`${bytes.length} ${get(bytes, 0).value}`);
        Logger.write(getLocalTime('Asia/Tokyo', new real(0)).toISOString());
        Logger.write(PhoneNumber.getInfo('+14155552671').region + Crypto.md5('hello'));";
    assert_eq!(said(script), ["1 10", "1970-01-01T09:00:00.000Z", "US5d41402abc4b2a76b9719d911017c592"]);
}

#[test]
fn identifiers_are_of_version_4_and_replay() {
    let once = values(&["uuidgen()", "uuidgen()"]);
    assert_eq!(once, values(&["uuidgen()", "uuidgen()"]));
    assert_ne!(once[0], once[1]);
    is("/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(uuidgen())", "true");
}

#[test]
fn distances_count_changed_characters() {
    is("levenshtein_distance('kitten', 'sitting')", "3");
    is("levenshtein_distance('', 'abc') + levenshtein_distance('abc', '')", "6");
    is("levenshtein_distance('мир', 'мор')", "1");
    is("levenshtein_distance('a🙂', 'a')", "1");
    is("levenshtein_distance('a'.repeat(2000), 'b'.repeat(2000))", "2000");
    is("levenshtein_distance('a', 'b'.repeat(2001))", "Error: levenshtein_distance takes at most 2000 characters of each text at once, not 2001");
}

#[test]
fn a_zone_shows_its_wall_time_in_utc_fields() {
    is("getLocalTime('Asia/Tokyo', new Date(Date.UTC(2025, 0, 15, 12))).toISOString()", "2025-01-15T21:00:00.000Z");
    is("getLocalTime('Asia/Tokyo', new Date(Date.UTC(2025, 0, 15, 12))).getHours()", "21");
    is("getLocalTime('Europe/Berlin', new Date(Date.UTC(2025, 6, 1))).getHours()", "2");
    is("getLocalTime('america/new_york', new Date(Date.UTC(2025, 6, 1))).getHours()", "20");
    is("getLocalTime('Asia/Kathmandu', new Date(Date.UTC(2025, 6, 1))).getMinutes()", "45");
    is("getLocalTime('UTC').getTime() === Date.now()", "true");
    is("getLocalTime('UTC', new Date(0)) instanceof Date", "true");
}

#[test]
fn a_wrong_zone_or_date_is_named() {
    is("getLocalTime('Mars/Base', new Date(0))", "Error: getLocalTime: there is no time zone 'Mars/Base'; names are those of the tz database, such as Europe/Berlin");
    is(
        "getLocalTime('../../etc/passwd', new Date(0)).length",
        "Error: getLocalTime: there is no time zone '../../etc/passwd'; names are those of the tz database, such as Europe/Berlin",
    );
    is("getLocalTime('UTC', 5)", "TypeError: date must be a Date, not a number");
    is("getLocalTime('UTC', new Date(NaN))", "TypeError: date must be a valid Date");
    is("getLocalTime('UTC', new Date(8.64e15))", "Error: getLocalTime: the date must be between the years -9999 and 9999");
    is("getLocalTime()", "TypeError: timezone must be a string, not undefined");
}

#[test]
fn hashes_are_hexadecimal_and_of_utf_8() {
    is("Crypto.md5('hello')", "5d41402abc4b2a76b9719d911017c592");
    is("Crypto.md5(['he', 'l', 'lo'])", "5d41402abc4b2a76b9719d911017c592");
    is("Crypto.md5('')", "d41d8cd98f00b204e9800998ecf8427e");
    is("Crypto.sha1('hello')", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d");
    is("Crypto.sha256('hello')", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    is("Crypto.hmac_sha256('key', 'hello')", "9307b3b915efb5171ff14d8cb55fbcc798c6c0ef1456d66ded1a6aa723a58b7b");
    is("Crypto.md5('п')", "7263b81fae81a1a9c06e8b1edcadbada");
    is("Crypto.md5([{}])", "TypeError: data[0] must be a string, not object");
    is("Crypto.sha256(undefined)", "TypeError: data must be a string, not undefined");
}

#[test]
fn a_telephone_number_is_described() {
    is(
        "JSON.stringify(PhoneNumber.getInfo('(415) 555-2671', 'US'), ['number', 'region', 'location', 'numberType', 'isPossibleNumber', 'isValidNumber', 'isValidNumberForRegion', 'error'])",
        r#"{"number":"+14155552671","region":"US","location":"","numberType":"FIXED_LINE_OR_MOBILE","isPossibleNumber":true,"isValidNumber":true,"isValidNumberForRegion":true}"#,
    );
    is("PhoneNumber.getInfo('abc', 'US').error", "NOT_A_NUMBER");
    is("PhoneNumber.getInfo(14155552671, 'US').number", "+14155552671");
    is("PhoneNumber.getInfo({})", "TypeError: number must be a string, not object");
}

#[test]
fn the_exact_lines_of_the_helper_scenario_come_out() {
    let script = "VoxEngine.addEventListener('Application.Started', () => {
        const plain = bytes2str(base64_decode(base64_encode('hello')), 'utf-8');
        Logger.write(`b64 ${base64_encode('hello')} ${plain}`);
        Logger.write(`hex ${bytes2hex([202, 254], false)} ${hex2bytes('cafe')}`);
        Logger.write(`utf8 ${str2bytes('\\u043f', 'utf-8')}`);
        Logger.write(`uuid ${uuidgen() !== uuidgen() && uuidgen().length >= 32}`);
        const ok = PhoneNumber.getInfo('(415) 555-2671', 'US');
        Logger.write(`phone ${ok.number} ${ok.region} ${ok.isValidNumber}`);
        VoxEngine.terminate();
    });";
    assert_eq!(said(script), ["b64 aGVsbG8= hello", "hex cafe 202,254", "utf8 208,191", "uuid true", "phone +14155552671 US true"]);
}
