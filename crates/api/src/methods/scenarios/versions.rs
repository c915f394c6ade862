//! The texts that a scenario had.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    caller::{Account, Caller, Identity},
    codes,
    error::{Error, Result},
    store::{
        accounts,
        db::Tx,
        keys,
        scenario_versions::{self, Version},
    },
    wire::Utc,
};

#[derive(Serialize, JsonSchema)]
pub struct VersionInfo {
    pub version: i64,
    pub saved: Utc,
    /// The name, description or id of the key, the subuser or the account that saved it; empty when that is not known.
    pub saved_by: String,
    /// Characters of the text.
    pub characters: i64,
    /// Whether it is the scenario's present text.
    pub current: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario_script: Option<String>,
}

impl VersionInfo {
    pub fn of(version: Version, newest: Option<i64>) -> Self {
        Self {
            current: Some(version.version) == newest,
            version: version.version,
            saved: version.saved_at,
            saved_by: version.saved_by,
            characters: version.characters,
            scenario_script: None,
        }
    }
}

/// The version, or the error of an unknown one.
pub fn find(account: &Account, tx: &Tx, scenario_id: i64, version: i64) -> Result<Version> {
    let unknown = || Error::field(codes::ARGUMENTS, "version", format!("'version' is invalid: the scenario has no version {version}. GetScenarioVersions lists them."));
    scenario_versions::by_number(account, tx, scenario_id, version)?.ok_or_else(|| unknown().into())
}

/// Characters of a name that a version keeps.
const NAME_CHARACTERS: usize = 100;

/// What versions call the caller. Another account's key is its id alone.
pub fn name_of(caller: &Caller, account: &Account, tx: &Tx) -> Result<String> {
    let name = match &caller.identity {
        Identity::Subuser { name, .. } => name.clone(),
        Identity::Account { .. } => accounts::tenant_by_id(tx, caller.home)?.map(|tenant| tenant.name).unwrap_or_default(),
        Identity::Key { id, .. } if caller.home == account.id() => {
            let key = keys::find(account, tx, id)?;
            let told = [key.key_name, key.description].into_iter().flatten().find(|text| !text.trim().is_empty());
            told.unwrap_or_else(|| id.clone())
        }
        Identity::Key { id, .. } => id.clone(),
    };
    Ok(name.chars().take(NAME_CHARACTERS).collect())
}
