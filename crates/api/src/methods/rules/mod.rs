//! Routing rules: which scenarios a call to an application runs.

use regex::RegexBuilder;
use schemars::JsonSchema;
use serde::Serialize;

use super::scenarios::ScenarioInfo;
use crate::{
    caller::{Account, Caller},
    codes::{self, Code},
    error::{Error, Result},
    store::{db::Tx, keys, rules, scenarios},
    wire::Utc,
};

pub const GROUP: &str = "Rules";

pub mod add_rule;
pub mod del_rule;
pub mod get_rules;
pub mod reorder_rules;
pub mod set_rule_info;

/// Bytes of a compiled pattern at most; a size bomb is refused within a millisecond.
const COMPILED_BYTES: usize = 1 << 20;

/// Bytes of a pattern's text at most. Semantics §10.1.
const PATTERN_BYTES: usize = 65_535;

#[derive(Serialize, JsonSchema)]
pub struct RuleInfo {
    pub rule_id: i64,
    pub application_id: i64,
    pub rule_name: String,
    pub rule_pattern: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_pattern_exclude: Option<String>,
    pub video_conference: bool,
    pub scenarios: Vec<ScenarioInfo>,
    pub modified: Utc,
}

impl RuleInfo {
    pub fn load(account: &Account, tx: &Tx, rule: rules::Rule) -> Result<Self> {
        Ok(Self {
            scenarios: scenarios::of_rule(account, tx, rule.id)?.into_iter().map(ScenarioInfo::of).collect(),
            rule_id: rule.id,
            application_id: rule.application_id,
            rule_name: rule.name,
            rule_pattern: rule.pattern,
            rule_pattern_exclude: rule.pattern_exclude,
            video_conference: rule.video_conference,
            modified: rule.modified_at,
        })
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

/// Whether a rule takes a destination.
pub fn takes(rule: &rules::Rule, destination: &str) -> bool {
    let matches = |text: &str| whole(text).is_ok_and(|pattern| pattern.is_match(destination));
    matches(&rule.pattern) && !rule.pattern_exclude.as_deref().is_some_and(matches)
}

/// The rule of rights for a key that scenarios act with: who decides what runs with it must cover it (DESIGN §3).
pub fn may_run_with(caller: &Caller, account: &Account, tx: &Tx, key_id: Option<&str>) -> Result<()> {
    let Some(key_id) = key_id else { return Ok(()) };
    keys::find(account, tx, key_id).map_err(|_| Error::field(codes::KEY_ID, "bind_key_id", "'bind_key_id' is invalid: this account has no such key."))?;
    caller.must_cover("the key that the rule is bound to", keys::roles(account, tx, key_id)?)
}

fn name_taken(name: &str) -> Error {
    Error::field(codes::RULE_NAME_TAKEN, "rule_name", format!("The application has a rule {} already.", crate::error::quote(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(pattern: &str, exclude: Option<&str>) -> rules::Rule {
        rules::Rule {
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
    fn what_is_no_pattern_is_refused() {
        for text in ["(", "a)(b", "a)|(b", "(?=x)", "(a)\\1", "[z-a]"] {
            assert_eq!(pattern(codes::RULE_PATTERN, "rule_pattern", text).map_err(|error| error.code).err(), Some(codes::RULE_PATTERN), "{text}");
        }
        let bomb = "((a{1000}){1000}){1000}";
        assert!(pattern(codes::RULE_PATTERN, "rule_pattern", bomb).is_err_and(|error| error.msg.contains("too complex")));
    }
}
