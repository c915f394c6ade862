//! SQL: one file per table with its queries. Every function but those of authentication takes the tenant first.

pub mod accounts;
pub mod applications;
pub mod audit_log;
pub mod authorized_ips;
pub mod call_credentials;
pub mod calls;
pub mod db;
pub mod history_reports;
pub mod key_usage;
pub mod key_values;
pub mod keys;
pub mod logon_sessions;
pub mod meta;
pub mod nodes;
pub mod panel_sessions;
pub mod rules;
pub mod scenario_versions;
pub mod scenarios;
pub mod search;
pub mod second_factors;
pub mod secrets;
pub mod sessions;
pub mod sip_white_list;
pub mod subusers;
pub mod users;

/// A text as search columns hold it.
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// A `LIKE` pattern that finds the text anywhere, to be used with `ESCAPE '\'`; the empty pattern finds everything.
pub fn containing(text: Option<&str>) -> String {
    mentioning(&text.unwrap_or_default().to_lowercase())
}

/// A `LIKE` pattern that finds exactly the text anywhere.
pub fn mentioning(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

/// A list as `IDS(?n)` and `TEXTS(?n)` take it.
pub fn list<T: serde::Serialize>(items: &[T]) -> String {
    serde_json::to_string(items).unwrap_or_else(|_| "[]".to_owned())
}
