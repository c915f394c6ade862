//! From an author's text to pieces that the engine can take: no markup, which it would obey, no characters that it does not know, nothing over-long.

/// Characters of a piece at most; the engine reads a sentence as a whole.
const PIECE: usize = 400;

/// Characters of a word at most. Longer ones make the engine fail.
const WORD: usize = 40;

/// Punctuation marks in a row at most.
const MARKS: usize = 3;

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
            ' '..='~' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{ff}' | '€' | '£' => {
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
    fn a_text_is_cut_between_sentences_and_an_endless_word_anywhere() {
        let text = "This is a sentence of some length. ".repeat(30);
        let pieces = prepare(&text);
        assert!(pieces.len() > 2 && pieces.iter().all(|piece| piece.chars().count() < PIECE && piece.ends_with('.')));
        assert_eq!(pieces.join(" "), text.trim_end());
        assert!(prepare(&"ä".repeat(1_500)).iter().flat_map(|piece| piece.split(' ').map(str::to_owned).collect::<Vec<_>>()).all(|word| word.chars().count() <= WORD));
    }
}
