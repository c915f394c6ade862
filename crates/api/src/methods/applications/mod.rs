//! Applications: the folders of users, rules and scenarios.

use schemars::JsonSchema;
use serde::Serialize;

use super::rules::RuleInfo;
use crate::{
    Settings,
    caller::Account,
    codes,
    error::{Error, quote},
    store::applications::Application,
    wire::Utc,
};

pub const GROUP: &str = "Applications";

pub mod add_application;
pub mod del_application;
pub mod get_applications;
pub mod set_application_info;

#[derive(Serialize, JsonSchema)]
pub struct ApplicationInfo {
    pub application_id: i64,
    /// `<short>.<account>.<domain>`.
    pub application_name: String,
    pub modified: Utc,
    pub secure_record_storage: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Vec<RuleInfo>>,
}

impl ApplicationInfo {
    pub fn of(settings: &Settings, account: &Account, application: Application, rules: Option<Vec<RuleInfo>>) -> Self {
        Self {
            application_id: application.id,
            application_name: full_name(settings, account, &application.name),
            modified: application.modified_at,
            secure_record_storage: application.secure_record_storage,
            rules,
        }
    }
}

/// `<short>.<account>.<domain>`.
pub fn full_name(settings: &Settings, account: &Account, short: &str) -> String {
    format!("{short}{}", suffix(settings, account))
}

fn suffix(settings: &Settings, account: &Account) -> String {
    format!(".{}.{}", account.name(), settings.domain)
}

/// A short name: `[a-z][a-z0-9-]{1,longest}` (semantics §8.1).
fn short_name(text: &str, longest: usize) -> Result<String, Error> {
    let rest = text.strip_prefix(|c: char| c.is_ascii_lowercase()).unwrap_or_default();
    if !rest.is_empty() && rest.len() <= longest && rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Ok(text.to_owned());
    }
    let form = format!("'application_name' must match [a-z][a-z0-9-]{{1,{longest}}}, and {} does not.", quote(text));
    Err(Error::field(codes::APPLICATION_NAME, "application_name", form))
}

fn name_taken(name: &str) -> Error {
    Error::field(codes::APPLICATION_NAME_TAKEN, "application_name", format!("The account has an application '{name}' already."))
}
