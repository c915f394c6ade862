//! The small grammar that header fields share: tokens, quoted strings, parameters, lists.

use std::fmt;

/// What is wrong, as a reason phrase of a 400 can say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed(pub &'static str);

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl std::error::Error for Malformed {}

/// Parameters of one value at most; our own bound.
const MOST_PARAMS: usize = 64;

pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(token_byte)
}

/// RFC 3261 §25.1, `token`.
#[inline]
pub(crate) fn token_byte(byte: u8) -> bool {
    TOKEN[usize::from(byte)]
}

/// A table, because most bytes of a message are asked for.
const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'!' | b'%' | b'*' | b'_' | b'+' | b'`' | b'\'' | b'~');
        byte += 1;
    }
    table
};

/// White space as it stands between tokens; folding has been undone.
pub(crate) fn trim(text: &str) -> &str {
    let inked = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let start = text.bytes().position(|byte| inked(&byte)).unwrap_or(text.len());
    let end = text.as_bytes().iter().rposition(inked).map_or(start, |last| last + 1);
    &text[start..end]
}

/// The content of the quoted string that `text` begins with, and what follows it.
///
/// # Errors
/// `Malformed` if it does not begin with a quote or has no end.
pub(crate) fn quoted(text: &str) -> Result<(String, &str), Malformed> {
    const UNBALANCED: Malformed = Malformed("Unbalanced quotes");
    let inside = text.strip_prefix('"').ok_or(UNBALANCED)?;
    let end = inside.find(['"', '\\']).ok_or(UNBALANCED)?;
    if inside.as_bytes().get(end) == Some(&b'"') {
        return Ok((inside[..end].to_owned(), &inside[end + 1..]));
    }
    let mut content = String::with_capacity(inside.len());
    let mut letters = inside.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Ok((content, &inside[at + 1..])),
            '\\' => content.push(letters.next().ok_or(UNBALANCED)?.1),
            other => content.push(other),
        }
    }
    Err(UNBALANCED)
}

/// Writes a quoted string.
pub(crate) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("\"")?;
        let mut rest = self.0;
        while let Some(at) = rest.find(|letter: char| matches!(letter, '"' | '\\') || letter.is_ascii_control()) {
            out.write_str(&rest[..at])?;
            match &rest[at..=at] {
                // A quoted pair may hold any character but these.
                "\r" | "\n" => out.write_str(" ")?,
                other => write!(out, "\\{other}")?,
            }
            rest = &rest[at + 1..];
        }
        out.write_str(rest)?;
        out.write_str("\"")
    }
}

/// Byte offset of the first of `separators` outside quotes and angle brackets.
pub(crate) fn find_outside(text: &str, separators: &[u8]) -> Option<usize> {
    let (mut in_quotes, mut in_angles, mut escaped) = (false, false, false);
    for (at, byte) in text.bytes().enumerate() {
        if in_quotes {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => in_quotes = false,
                _ => {}
            }
            continue;
        }
        match byte {
            byte if !in_angles && separators.contains(&byte) => return Some(at),
            b'"' => in_quotes = true,
            b'<' => in_angles = true,
            b'>' => in_angles = false,
            _ => {}
        }
    }
    None
}

/// The values of a field that is a list, without the space around them; empty ones are given, too.
pub(crate) struct List<'a>(Option<&'a str>);

pub(crate) fn list(text: &str) -> List<'_> {
    List(Some(text))
}

impl<'a> Iterator for List<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let text = self.0?;
        let value = match find_outside(text, b",") {
            Some(at) => {
                self.0 = Some(&text[at + 1..]);
                &text[..at]
            }
            None => {
                self.0 = None;
                text
            }
        };
        Some(trim(value))
    }
}

/// `*( ; name [= value] )` to the end of the text. Names become lower case; quotes of values are undone.
///
/// # Errors
/// `Malformed` for anything else, such as two semicolons in a row.
pub(crate) fn params(text: &str) -> Result<Vec<(String, Option<String>)>, Malformed> {
    const MALFORMED: Malformed = Malformed("Malformed parameters");
    let mut found = Vec::new();
    let mut rest = trim(text);
    while !rest.is_empty() {
        let part = rest.strip_prefix(';').ok_or(MALFORMED)?;
        let end = find_outside(part, b";").unwrap_or(part.len());
        let (one, after) = part.split_at(end);
        rest = after;
        let (name, value) = match one.split_once('=') {
            Some((name, value)) => (trim(name), Some(trim(value))),
            None => (trim(one), None),
        };
        if !is_token(name) || found.len() >= MOST_PARAMS {
            return Err(MALFORMED);
        }
        let value = match value {
            None => None,
            Some(value) if value.starts_with('"') => {
                let (content, after) = quoted(value)?;
                if !after.is_empty() {
                    return Err(MALFORMED);
                }
                Some(content)
            }
            Some(value) if !value.is_empty() && value.bytes().all(|byte| byte > b' ' && !matches!(byte, b',' | b'"' | b'<' | b'>' | 0x7f)) => Some(value.to_owned()),
            Some(_) => return Err(MALFORMED),
        };
        found.push((name.to_ascii_lowercase(), value));
    }
    Ok(found)
}

/// Writes `;name=value` for each, in quotes where a value is neither a token nor an address.
pub(crate) struct Params<'a>(pub &'a [(String, Option<String>)]);

impl fmt::Display for Params<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, value) in self.0 {
            out.write_str(";")?;
            out.write_str(name)?;
            let Some(value) = value else { continue };
            out.write_str("=")?;
            if !value.is_empty() && value.bytes().all(|byte| token_byte(byte) || matches!(byte, b':' | b'[' | b']')) {
                out.write_str(value)?;
            } else {
                Quoted(value).fmt(out)?;
            }
        }
        Ok(())
    }
}
