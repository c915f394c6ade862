//! Which destinations a rule takes, and why (semantics §10).

use regex::RegexBuilder;

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
    let matches = |text: &str| whole(text).is_ok_and(|pattern| pattern.is_match(destination));
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
fn whole(text: &str) -> Result<regex::Regex, regex::Error> {
    compile(&format!(r"\A(?:{text})\z"))
}

fn compile(text: &str) -> Result<regex::Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(COMPILED_BYTES).dfa_size_limit(COMPILED_BYTES).build()
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
