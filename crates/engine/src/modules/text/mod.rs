//! Helper functions without any state: bytes and texts, hashes, zones, distances, telephone numbers (voxengine.md §24).
//!
//! Whatever they are given is bounded, because none of them looks at the brake.

mod phone;

use std::fmt::Write;

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose},
};
use encoding_rs::{Encoding, REPLACEMENT, UTF_16BE, UTF_16LE};
use hmac::{Hmac, KeyInit, Mac};
use jiff::{Timestamp, tz::TimeZoneDatabase};
use md5::Md5;
use rquickjs::{Ctx, Value};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::{Bytes, Ops, thrown};
use crate::limits;

/// Padding may be missing, as it often is in URLs and tokens.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_decode_allow_trailing_bits(true));

/// Bytes that a helper takes.
type Few = Bytes<{ limits::HELPER_BYTES }>;

fn bounded(length: usize, most: usize, function: &str, unit: &str) -> Result<(), String> {
    if length > most { Err(format!("{function} takes at most {most} {unit} at once, not {length}")) } else { Ok(()) }
}

fn bounded_text(text: &str, most: usize, function: &str) -> Result<(), String> {
    bounded(text.len(), most, function, "bytes of text")
}

fn base64_decode(text: &str) -> Result<Vec<u8>, String> {
    bounded_text(text, limits::HELPER_BYTES, "base64_decode")?;
    let text: String = text.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    LENIENT.decode(text).map_err(|error| format!("base64_decode: the text is not base64: {error}"))
}

fn hex(bytes: &[u8], upper: bool) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = if upper { write!(out, "{byte:02X}") } else { write!(out, "{byte:02x}") };
    }
    out
}

fn hex2bytes(text: &str) -> Result<Vec<u8>, String> {
    bounded_text(text, limits::HELPER_BYTES, "hex2bytes")?;
    if let Some((at, wrong)) = text.char_indices().find(|(_, letter)| !letter.is_ascii_hexdigit()) {
        return Err(format!("hex2bytes: character {at} is '{wrong}', not a hexadecimal digit"));
    }
    if !text.len().is_multiple_of(2) {
        return Err(format!("hex2bytes: each byte has two digits, so there cannot be {}", text.len()));
    }
    let digit = |letter: u8| char::from(letter).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
    Ok(text.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect())
}

/// An encoding by any of its usual labels. Latin-1 is that of ISO, whose 256 characters are the 256 bytes, not the
/// Windows superset that browsers take it for.
enum Charset {
    Latin1,
    Other(&'static Encoding),
}

fn charset(label: &str, function: &str) -> Result<Charset, String> {
    let plain = label.trim().to_ascii_lowercase();
    if matches!(plain.as_str(), "latin1" | "latin-1" | "l1" | "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "iso88591" | "binary") {
        return Ok(Charset::Latin1);
    }
    match Encoding::for_label(plain.as_bytes()) {
        Some(encoding) if encoding != REPLACEMENT => Ok(Charset::Other(encoding)),
        _ => Err(format!("{function}: unknown encoding '{}'", label.chars().take(50).collect::<String>())),
    }
}

fn str2bytes(text: &str, label: &str) -> Result<Vec<u8>, String> {
    bounded_text(text, limits::HELPER_BYTES, "str2bytes")?;
    let lacks = |name: &str, letter: char| format!("str2bytes: {name} has no character '{letter}' (U+{:04X})", u32::from(letter));
    match charset(label, "str2bytes")? {
        Charset::Latin1 => text.chars().map(|letter| u8::try_from(u32::from(letter)).map_err(|_| lacks("ISO-8859-1", letter))).collect(),
        Charset::Other(encoding) if encoding == UTF_16LE => Ok(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Charset::Other(encoding) if encoding == UTF_16BE => Ok(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        Charset::Other(encoding) => {
            let (bytes, _, lossy) = encoding.encode(text);
            if lossy {
                let letter = text.chars().find(|letter| encoding.encode(letter.encode_utf8(&mut [0; 4])).2).unwrap_or(char::REPLACEMENT_CHARACTER);
                return Err(lacks(encoding.name(), letter));
            }
            Ok(bytes.into_owned())
        }
    }
}

/// Bytes that are none of the encoding become U+FFFD.
fn bytes2str(bytes: &[u8], label: &str) -> Result<String, String> {
    Ok(match charset(label, "bytes2str")? {
        Charset::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Charset::Other(encoding) => encoding.decode_with_bom_removal(bytes).0.into_owned(),
    })
}

/// RFC 9562 §5.4.
fn uuid(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut out = hex(&bytes, false);
    for at in [20, 16, 12, 8] {
        out.insert(at, '-');
    }
    out
}

fn levenshtein_distance(a: &str, b: &str) -> Result<usize, String> {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    for text in [&a, &b] {
        bounded(text.len(), limits::DISTANCE_CHARACTERS, "levenshtein_distance", "characters of each text")?;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let changed = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    Ok(row[b.len()])
}

/// The moment whose UTC fields are what a clock in the zone shows.
fn local_time(zone: &str, utc_ms: f64) -> Result<f64, String> {
    // The machine's own zone files are not asked: a session replays alike everywhere.
    let Ok(found) = TimeZoneDatabase::bundled().get(zone) else {
        return Err(format!(
            "getLocalTime: there is no time zone '{}'; names are those of the tz database, such as Europe/Berlin",
            zone.chars().take(50).collect::<String>()
        ));
    };
    #[allow(clippy::cast_possible_truncation)]
    let moment = Timestamp::from_millisecond(utc_ms as i64).map_err(|_| "getLocalTime: the date must be between the years -9999 and 9999".to_owned())?;
    Ok(utc_ms + f64::from(found.to_offset(moment).seconds()) * 1000.0)
}

fn hash<D: Digest>(text: &str, function: &str) -> Result<String, String> {
    bounded_text(text, limits::HASH_BYTES, function)?;
    Ok(hex(&D::digest(text.as_bytes()), false))
}

fn hmac_sha256(key: &str, data: &str) -> Result<String, String> {
    bounded_text(key, limits::HASH_BYTES, "Crypto.hmac_sha256")?;
    bounded_text(data, limits::HASH_BYTES, "Crypto.hmac_sha256")?;
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|error| error.to_string())?;
    mac.update(data.as_bytes());
    Ok(hex(&mac.finalize().into_bytes(), false))
}

/// A plain list of numbers. It is parsed, because setting elements would run what an author put on `Array.prototype`.
fn list<'js>(ctx: &Ctx<'js>, bytes: Result<Vec<u8>, String>) -> rquickjs::Result<Value<'js>> {
    let bytes = thrown(ctx, bytes.and_then(|bytes| bounded(bytes.len(), limits::HELPER_BYTES, "a list", "bytes").map(|()| bytes)))?;
    let mut json = String::with_capacity(bytes.len() * 4 + 2);
    json.push('[');
    for (at, byte) in bytes.iter().enumerate() {
        let _ = if at == 0 { write!(json, "{byte}") } else { write!(json, ",{byte}") };
    }
    json.push(']');
    ctx.json_parse(json)
}

fn unbase64(ctx: Ctx<'_>, text: String) -> rquickjs::Result<Value<'_>> {
    list(&ctx, base64_decode(&text))
}

fn unhex(ctx: Ctx<'_>, text: String) -> rquickjs::Result<Value<'_>> {
    list(&ctx, hex2bytes(&text))
}

fn encode(ctx: Ctx<'_>, text: String, label: String) -> rquickjs::Result<Value<'_>> {
    list(&ctx, str2bytes(&text, &label))
}

pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    ops.add("base64", |ctx: Ctx<'_>, text: String| {
        thrown(&ctx, bounded_text(&text, limits::HELPER_BYTES, "base64_encode").map(|()| general_purpose::STANDARD.encode(text)))
    })?;
    ops.add("base64Bytes", |bytes: Few| general_purpose::STANDARD.encode(bytes.0))?;
    ops.add("unbase64", unbase64)?;
    ops.add("hex", |bytes: Few, upper: bool| hex(&bytes.0, upper))?;
    ops.add("unhex", unhex)?;
    ops.add("encode", encode)?;
    ops.add("decode", |ctx: Ctx<'_>, bytes: Few, label: String| thrown(&ctx, bytes2str(&bytes.0, &label)))?;
    let host = ops.host();
    ops.add("uuid", move || uuid(host.lock().chance.bytes()))?;
    #[allow(clippy::cast_precision_loss)]
    ops.add("distance", |ctx: Ctx<'_>, a: String, b: String| thrown(&ctx, levenshtein_distance(&a, &b).map(|distance| distance as f64)))?;
    ops.add("localTime", |ctx: Ctx<'_>, zone: String, utc_ms: f64| thrown(&ctx, local_time(&zone, utc_ms)))?;
    ops.add("md5", |ctx: Ctx<'_>, text: String| thrown(&ctx, hash::<Md5>(&text, "Crypto.md5")))?;
    ops.add("sha1", |ctx: Ctx<'_>, text: String| thrown(&ctx, hash::<Sha1>(&text, "Crypto.sha1")))?;
    ops.add("sha256", |ctx: Ctx<'_>, text: String| thrown(&ctx, hash::<Sha256>(&text, "Crypto.sha256")))?;
    ops.add("hmac", |ctx: Ctx<'_>, key: String, data: String| thrown(&ctx, hmac_sha256(&key, &data)))?;
    ops.add("phone", |number: String, country: Option<String>| phone::info(&number, country.as_deref()))
}

#[cfg(test)]
mod tests;
