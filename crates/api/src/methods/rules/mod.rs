//! Routing rules: which scenarios a call to an application runs.

use schemars::JsonSchema;
use serde::Serialize;

use super::scenarios::ScenarioInfo;
use crate::{
    caller::{Account, Caller},
    codes,
    error::{Error, Result},
    store::{db::Tx, keys, rules, scenarios},
    wire::Utc,
};

pub const GROUP: &str = "Rules";

pub mod add_rule;
pub mod check_rules;
pub mod del_rule;
pub mod get_rules;
pub mod matching;
pub mod reorder_rules;
pub mod set_rule_info;

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

/// The rule of rights for a key that scenarios act with: who decides what runs with it must cover it (DESIGN §3).
pub fn may_run_with(caller: &Caller, account: &Account, tx: &Tx, key_id: Option<&str>) -> Result<()> {
    let Some(key_id) = key_id else { return Ok(()) };
    keys::find(account, tx, key_id).map_err(|_| Error::field(codes::KEY_ID, "bind_key_id", "'bind_key_id' is invalid: this account has no such key."))?;
    caller.must_cover("the key that the rule is bound to", keys::roles(account, tx, key_id)?)
}

fn name_taken(name: &str) -> Error {
    Error::field(codes::RULE_NAME_TAKEN, "rule_name", format!("The application has a rule {} already.", crate::error::quote(name)))
}
