//! `%HH` of URIs, undone once when they are read and done once when they are written.

use std::fmt;

use crate::syntax::Malformed;

/// Escaped bytes that are not UTF-8 stand in a `String` as characters of the last private plane (Unicode plane 16), this plus the
/// byte, so that writing gives the same bytes again. These characters themselves are taken byte by byte, so nothing is ambiguous.
const FOREIGN: u32 = 0x0010_FF00;

/// # Errors
/// `Malformed` if a `%` is not followed by two hexadecimal digits.
pub fn unescape(text: &str) -> Result<String, Malformed> {
    // 0xF4 begins the characters of plane 16.
    if !text.bytes().any(|byte| byte == b'%' || byte >= 0xf4) {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|digit| char::from(digit).to_digit(16)).ok_or(Malformed("Malformed escape"));
        let value = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(value).unwrap_or_default());
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if foreign(letter) {
                let mut buffer = [0; 4];
                out.extend(letter.encode_utf8(&mut buffer).bytes().map(stand_in));
            } else {
                out.push(letter);
            }
        }
        out.extend(chunk.invalid().iter().copied().map(stand_in));
    }
    Ok(out)
}

fn foreign(letter: char) -> bool {
    u32::from(letter) >= FOREIGN
}

fn stand_in(byte: u8) -> char {
    char::from_u32(FOREIGN + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Writes `text`; what is neither unreserved (RFC 3261 §25.1) nor in `also` as `%HH`.
pub fn escape(out: &mut fmt::Formatter<'_>, text: &str, also: &[u8]) -> fmt::Result {
    let mut plain_from = 0;
    for (at, letter) in text.char_indices() {
        let plain = u8::try_from(letter).is_ok_and(|byte| unreserved(byte) || also.contains(&byte));
        if plain {
            continue;
        }
        out.write_str(&text[plain_from..at])?;
        plain_from = at + letter.len_utf8();
        if foreign(letter) {
            write!(out, "%{:02X}", u32::from(letter) - FOREIGN)?;
        } else {
            let mut buffer = [0; 4];
            for byte in letter.encode_utf8(&mut buffer).bytes() {
                write!(out, "%{byte:02X}")?;
            }
        }
    }
    out.write_str(&text[plain_from..])
}

fn unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte)
}
