//! Which destinations a rule takes, and why (semantics §10).

use std::{cell::RefCell, collections::BTreeMap};

use regex::{Regex, RegexBuilder};

use crate::{
    codes::Code,
    error::{Error, quote},
    store::rules::Rule,
};

/// Bytes of a compiled pattern at most; a size bomb is refused within a millisecond.
const COMPILED_BYTES: usize = 1 << 20;

/// Bytes of a pattern's text at most. Semantics §10.1.
const PATTERN_BYTES: usize = 65_535;

/// Rules whose patterns are held and compiled at once.
pub const COMPILED_AT_ONCE: i64 = 500;

/// What a rule makes of a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Takes,
    /// The exclude pattern matches, too.
    Excluded,
    NoMatch,
}

/// What a rule makes of a destination.
pub fn judge(rule: &Rule, destination: &str) -> Verdict {
    let matches = |text: &str| is_match(text, destination);
    match (matches(&rule.pattern), rule.pattern_exclude.as_deref()) {
        (true, Some(exclude)) if matches(exclude) => Verdict::Excluded,
        (true, _) => Verdict::Takes,
        (false, _) => Verdict::NoMatch,
    }
}

/// Whether a rule takes a destination.
pub fn takes(rule: &Rule, destination: &str) -> bool {
    judge(rule, destination) == Verdict::Takes
}

/// Whether a rule takes a destination; `None` when its patterns are too large to be compiled where a call stands.
pub fn takes_quickly(rule: &Rule, destination: &str) -> Option<bool> {
    if !is_match_quickly(&rule.pattern, destination)? {
        return Some(false);
    }
    rule.pattern_exclude.as_deref().map_or(Some(true), |exclude| is_match_quickly(exclude, destination).map(|excluded| !excluded))
}

/// A verdict as a sentence. `above` is the name of a rule before this one that takes the destination.
pub fn why(rule: &Rule, destination: &str, verdict: Verdict, above: Option<&str>) -> String {
    let (pattern, shown) = (quote(&rule.pattern), quote(destination));
    match (verdict, above) {
        (Verdict::Takes, None) => format!("The pattern {pattern} matches {shown}, and no rule above takes it."),
        (Verdict::Takes, Some(above)) => format!("Matches, but rule {} above takes the number first.", quote(above)),
        (Verdict::Excluded, _) => {
            format!("The pattern {pattern} matches {shown}, but the exclude pattern {} does, too.", quote(rule.pattern_exclude.as_deref().unwrap_or_default()))
        }
        (Verdict::NoMatch, _) if compile(&rule.pattern).is_ok_and(|pattern| pattern.is_match(destination)) => {
            format!("The pattern {pattern} matches only a part of {shown}; it must match all of it.")
        }
        (Verdict::NoMatch, _) => format!("The pattern {pattern} does not match {shown}."),
    }
}

/// A pattern that a whole destination must match (semantics §10.2), in linear time and bounded memory.
pub fn pattern(code: Code, field: &'static str, text: &str) -> Result<regex::Regex, Error> {
    let wrong = |why: String| Error::field(code, field, format!("'{field}' {why}"));
    if text.len() > PATTERN_BYTES {
        return Err(wrong(format!("may have at most {PATTERN_BYTES} bytes.")));
    }
    // Alone first, so that no stray parenthesis breaks out of the group around it.
    compile(text).and_then(|_| whole(text)).map_err(|error| {
        wrong(match error {
            regex::Error::CompiledTooBig(_) => "is too complex; use fewer or smaller repetitions.".to_owned(),
            _ => format!("is no valid pattern (look-around and back references are not supported): {}.", first_line(&error.to_string())),
        })
    })
}

/// The pattern for whole destinations; its text was checked alone.
fn whole(text: &str) -> Result<Regex, regex::Error> {
    compile(&anchored(text))
}

fn anchored(text: &str) -> String {
    format!(r"\A(?:{text})\z")
}

fn compile(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(COMPILED_BYTES).dfa_size_limit(COMPILED_BYTES).build()
}

/// Whether a pattern takes all of a destination.
fn is_match(text: &str, destination: &str) -> bool {
    is_match_quickly(text, destination).unwrap_or_else(|| whole(text).is_ok_and(|pattern| pattern.is_match(destination)))
}

/// The same, or `None` for a pattern that is too large to be kept.
fn is_match_quickly(text: &str, destination: &str) -> Option<bool> {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Some(text == destination);
    }
    COMPILED.with_borrow_mut(|compiled| {
        if let Some(pattern) = compiled.get(text) {
            return Some(pattern.is_match(destination));
        }
        let pattern = RegexBuilder::new(&anchored(text)).size_limit(KEPT_BYTES).dfa_size_limit(KEPT_BYTES).build().ok()?;
        let takes = pattern.is_match(destination);
        compiled.keep(text, pattern);
        Some(takes)
    })
}

/// Bytes of a compiled pattern that is kept, at most.
const KEPT_BYTES: usize = 1 << 16;

/// Compiled patterns that a thread keeps in each generation.
const KEPT: usize = 64;

thread_local! {
    /// Patterns that this thread used lately, so that a call costs no compilation and threads share no lock. The key is the text
    /// itself, so that nothing has to be forgotten when a rule changes.
    static COMPILED: RefCell<Compiled> = RefCell::default();
}

#[derive(Default)]
struct Compiled {
    recent: BTreeMap<String, Regex>,
    former: BTreeMap<String, Regex>,
}

impl Compiled {
    fn get(&mut self, text: &str) -> Option<&Regex> {
        if !self.recent.contains_key(text) {
            let (text, pattern) = self.former.remove_entry(text)?;
            self.keep(&text, pattern);
        }
        self.recent.get(text)
    }

    fn keep(&mut self, text: &str, pattern: Regex) {
        if self.recent.len() >= KEPT {
            self.former = std::mem::take(&mut self.recent);
        }
        self.recent.insert(text.to_owned(), pattern);
    }
}

fn first_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{codes, wire::Utc};

    fn rule(pattern: &str, exclude: Option<&str>) -> Rule {
        Rule {
            id: 1,
            application_id: 1,
            name: String::new(),
            pattern: pattern.to_owned(),
            pattern_exclude: exclude.map(str::to_owned),
            video_conference: false,
            bind_key_id: None,
            position: 1,
            modified_at: Utc(0),
        }
    }

    #[test]
    fn a_pattern_matches_the_whole_destination() {
        assert!(takes(&rule("749[59].+", None), "74951234567"));
        assert!(!takes(&rule("123", None), "123456"));
        assert!(takes(&rule("123.+", None), "123456"));
        assert!(!takes(&rule(".*", Some("7.*")), "74951234567"));
        assert!(!takes(&rule("a|b", None), "ab"));
    }

    #[test]
    fn a_pattern_means_the_same_whether_it_is_kept_or_not() {
        for round in 0..3 {
            for number in 0..500 {
                let pattern = format!("({number})[0-9]");
                assert!(takes(&rule(&pattern, None), &format!("{number}7")), "round {round}: {pattern}");
                assert!(!takes(&rule(&pattern, None), &format!("{number}x")), "round {round}: {pattern}");
            }
        }
        let large = "\\w{8}";
        assert!(RegexBuilder::new(&anchored(large)).size_limit(KEPT_BYTES).build().is_err(), "too large to be kept");
        assert_eq!(takes_quickly(&rule(large, None), "aaaaaaaa"), None);
        assert!(takes(&rule(large, None), &"a".repeat(8)));
        let (kept, former) = COMPILED.with_borrow(|compiled| (compiled.recent.len(), compiled.former.len()));
        assert!(kept <= KEPT && former <= KEPT, "{kept} {former}");
    }

    #[test]
    fn a_verdict_says_what_stood_in_the_way() {
        assert_eq!(judge(&rule("123", None), "123456"), Verdict::NoMatch);
        assert_eq!(judge(&rule(".*", Some("4.*")), "456"), Verdict::Excluded);
        assert_eq!(judge(&rule("123", Some("4.*")), "456"), Verdict::NoMatch);
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["(", "a)(b", "a)|(b", "(?=x)", "(a)\\1", "[z-a]"] {
            assert_eq!(pattern(codes::RULE_PATTERN, "rule_pattern", text).map_err(|error| error.code).err(), Some(codes::RULE_PATTERN), "{text}");
        }
        let bomb = "((a{1000}){1000}){1000}";
        assert!(pattern(codes::RULE_PATTERN, "rule_pattern", bomb).is_err_and(|error| error.msg.contains("too complex")));
    }
}
