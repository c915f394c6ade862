//! From an author's text to pieces that the engine can take: no markup, which it would obey, no characters that it does not know, nothing over-long.

use std::fmt;

/// Characters of a piece at most; the engine reads a sentence as a whole.
const PIECE: usize = 400;

/// Characters of a word at most. Longer ones make the engine fail.
const WORD: usize = 40;

/// Punctuation marks in a row at most.
const MARKS: usize = 3;

/// Letters that are named of those that are left out.
const NAMED: usize = 12;

/// What of a text no language of the engine has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unspoken {
    /// Letters and digits that are left out.
    pub letters: usize,
    /// Letters and digits that the text has.
    pub of: usize,
    /// The first of those that are left out.
    named: String,
}

impl Unspoken {
    /// Whether so much is left out that the rest is another text.
    pub const fn is_most(&self) -> bool {
        2 * self.letters >= self.of
    }
}

impl fmt::Display for Unspoken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the built-in voice has no letters such as '{}'", self.named)?;
        if let Some(script) = self.named.chars().find_map(script) {
            write!(formatter, " ({script})")?;
        }
        write!(formatter, ": it cannot say {} of the text's {} letters and digits", self.letters, self.of)
    }
}

/// The name of a letter's script, for the greater ones. Unicode 16, blocks.
fn script(letter: char) -> Option<&'static str> {
    Some(match u32::from(letter) {
        0x100..=0x24f | 0x1e00..=0x1eff => "Latin beyond Western Europe",
        0x370..=0x3ff | 0x1f00..=0x1fff => "Greek",
        0x400..=0x52f => "Cyrillic",
        0x530..=0x58f => "Armenian",
        0x590..=0x5ff => "Hebrew",
        0x600..=0x6ff | 0x750..=0x77f => "Arabic",
        0x900..=0x97f => "Devanagari",
        0xe00..=0xe7f => "Thai",
        0x10a0..=0x10ff => "Georgian",
        0x1100..=0x11ff | 0xac00..=0xd7af => "Korean",
        0x3040..=0x30ff => "Japanese",
        0x3400..=0x4dbf | 0x4e00..=0x9fff => "Chinese",
        _ => return None,
    })
}

/// The letters and digits of a text that the engine does not have, if there are any.
pub fn unspoken(text: &str) -> Option<Unspoken> {
    let plain = entities(&without_tags(text));
    let (mut letters, mut of, mut named) = (0, 0, String::new());
    for letter in plain.chars().filter(|letter| letter.is_alphanumeric()) {
        of += 1;
        if !is_known(letter) && !matches!(letter, '\u{152}' | '\u{153}') {
            letters += 1;
            if named.chars().count() < NAMED && !named.contains(letter) {
                named.push(letter);
            }
        }
    }
    (letters > 0).then_some(Unspoken { letters, of, named })
}

/// The text in pieces, each of whole sentences where that is possible. Empty if there is nothing to speak.
pub fn prepare(text: &str) -> Vec<String> {
    let plain = known(&entities(&without_tags(text)));
    if !plain.chars().any(char::is_alphanumeric) {
        return Vec::new();
    }
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    for word in plain.split_whitespace().flat_map(parts) {
        let length = piece.chars().count();
        let ended = piece.ends_with(['.', '!', '?', ';', ':', ',']);
        if length + word.chars().count() >= PIECE || (ended && length > PIECE / 2) {
            pieces.push(std::mem::take(&mut piece));
        }
        if !piece.is_empty() {
            piece.push(' ');
        }
        piece.push_str(&word);
    }
    pieces.push(piece);
    pieces
}

/// Without what looks like a tag; a comparison such as `3 < 4` stays for [`known`].
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        let is_tag = tag.starts_with(|character: char| character.is_ascii_alphabetic() || "/!?".contains(character));
        match tag.split_once('>') {
            Some((name, after)) if is_tag => {
                plain.push_str(if name.starts_with("break") { ", " } else { " " });
                rest = after;
            }
            _ => {
                plain.push('<');
                rest = tag;
            }
        }
    }
    plain + rest
}

fn entities(text: &str) -> String {
    let mut plain = text.to_owned();
    if plain.contains('&') {
        for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
            plain = plain.replace(entity, character);
        }
    }
    plain
}

/// Whether the engine's languages have a character.
const fn is_known(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{ff}' | '€' | '£')
}

/// With the characters that the engine's languages know; the others end a word.
fn known(text: &str) -> String {
    let (mut plain, mut marks) = (String::with_capacity(text.len()), 0);
    for character in text.chars() {
        let known = match character {
            '<' | '>' | '\\' | '|' | '~' | '^' | '`' | '{' | '}' | '[' | ']' | '_' => " ",
            '\u{2018}' | '\u{2019}' | '\u{2032}' => "'",
            '\u{201c}'..='\u{201f}' | '\u{ab}' | '\u{bb}' => "\"",
            '\u{2010}' | '\u{2011}' => "-",
            '\u{2012}'..='\u{2015}' => ", ",
            '\u{2026}' => ". ",
            '\u{153}' => "oe",
            '\u{152}' => "Oe",
            _ if is_known(character) => {
                marks = if character.is_ascii_punctuation() { marks + 1 } else { 0 };
                if marks <= MARKS {
                    plain.push(character);
                }
                continue;
            }
            _ => " ",
        };
        plain.push_str(known);
    }
    plain
}

/// A word, or its parts if it is over-long.
fn parts(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    characters.chunks(WORD).map(|part| part.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> String {
        prepare(text).join("|")
    }

    #[test]
    fn markup_is_not_obeyed() {
        assert_eq!(one("<speak>Hello<break time=\"1s\"/> <pitch level=\"300\">there</pitch></speak>"), "Hello, there");
        assert_eq!(one("<play file=\"/etc/passwd\"/>Hello <usesig file='x'>"), "Hello");
        assert_eq!(one("3 < 4 and 5 > 2 <unclosed"), "3 4 and 5 2 unclosed");
        assert_eq!(one("&lt;speed level=\"20\"&gt;R&amp;D"), "speed level=\"20\" R&D");
    }

    #[test]
    fn typographic_marks_become_plain_ones() {
        assert_eq!(one("It’s “fine” … yes"), "It's \"fine\" . yes");
        assert_eq!(one("Größe\u{a0}é €5\u{1f600}\u{0}!"), "Größe é €5 !");
        assert_eq!(one("wait!!!!!!!!!!!!"), "wait!!!");
    }

    #[test]
    fn what_cannot_be_said_is_named() {
        for text in ["", "…", "Hello, 1234!", "Größe & cœur", "<break/>", "\u{1f600}"] {
            assert_eq!(unspoken(text), None, "{text}");
        }
        let mixed = unspoken("Ваш код 1234").unwrap();
        assert!(mixed.is_most() && (mixed.letters, mixed.of) == (6, 10));
        assert_eq!(mixed.to_string(), "the built-in voice has no letters such as 'Вашкод' (Cyrillic): it cannot say 6 of the text's 10 letters and digits");
        let polish = unspoken("Dzień dobry, proszę czekać na połączenie").unwrap();
        assert!(!polish.is_most() && polish.to_string().contains("'ńęćłą' (Latin beyond Western Europe)"), "{polish}");
        assert!(unspoken("\u{10330}").unwrap().to_string().contains("'\u{10330}': it cannot say 1"));
    }

    #[test]
    fn a_text_is_cut_between_sentences_and_an_endless_word_anywhere() {
        let text = "This is a sentence of some length. ".repeat(30);
        let pieces = prepare(&text);
        assert!(pieces.len() > 2 && pieces.iter().all(|piece| piece.chars().count() < PIECE && piece.ends_with('.')));
        assert_eq!(pieces.join(" "), text.trim_end());
        assert!(prepare(&"ä".repeat(1_500)).iter().flat_map(|piece| piece.split(' ').map(str::to_owned).collect::<Vec<_>>()).all(|word| word.chars().count() <= WORD));
    }
}
