//! Scenarios: the JavaScript that sessions run.

use schemars::JsonSchema;
use serde::Serialize;

use super::rules::may_run_with;
use crate::{
    caller::{Account, Caller},
    codes,
    error::{Error, Result, quote},
    store::{db::Tx, rules, scenarios::Scenario},
    wire::Utc,
};

pub const GROUP: &str = "Scenarios";

pub mod add_scenario;
pub mod bind_scenario;
pub mod del_scenario;
pub mod get_scenario_version;
pub mod get_scenario_versions;
pub mod get_scenarios;
pub mod reorder_scenarios;
pub mod restore_scenario_version;
pub mod set_scenario_info;
pub mod start_scenarios;
pub mod versions;

/// Characters of a scenario's text at most. Semantics §11.1.
const SCRIPT_CHARACTERS: usize = 262_144;

#[derive(Serialize, JsonSchema)]
pub struct ScenarioInfo {
    pub scenario_id: i64,
    pub scenario_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario_script: Option<String>,
    pub modified: Utc,
    /// Whether the scenario is the parent account's.
    pub parent: bool,
}

impl ScenarioInfo {
    pub fn of(scenario: Scenario) -> Self {
        Self { scenario_id: scenario.id, scenario_name: scenario.name, scenario_script: None, modified: scenario.modified_at, parent: false }
    }
}

fn script(text: Option<&String>) -> Result<(), Error> {
    match text {
        Some(text) if text.chars().nth(SCRIPT_CHARACTERS).is_some() => {
            Err(Error::field(codes::SCRIPT_TOO_LONG, "scenario_script", format!("'scenario_script' may have at most {SCRIPT_CHARACTERS} characters.")))
        }
        _ => Ok(()),
    }
}

fn name_taken(name: &str) -> Error {
    Error::field(codes::SCENARIO_NAME_TAKEN, "scenario_name", format!("The folder has a scenario {} already; send rewrite=true to replace it.", quote(name)))
}

/// Who changes what a scenario does, changes what acts with the keys that its rules are bound to (DESIGN §3).
fn may_change(caller: &Caller, account: &Account, tx: &Tx, scenario_id: i64) -> Result<()> {
    for key_id in rules::keys_of_scenario(account, tx, scenario_id)? {
        may_run_with(caller, account, tx, Some(&key_id))?;
    }
    Ok(())
}
