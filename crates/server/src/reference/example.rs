//! Calls by curl that work on a fresh server, as far as what they name is there.

use std::fmt::Write;

use cordboard_api::{
    openapi,
    registry::{Access, Method},
    wire::{Field, Required},
};

/// Parameters that are required although no rule of their own says so: their methods ask for one of several things.
const ASKED_FOR: [(&str, &str); 3] =
    [("DelAuthorizedAccountIP", "authorized_ip"), ("GetChildrenAccounts", "child_account_id"), ("SetChildAccountInfo", "child_account_id")];

/// A call of a method with what it requires.
pub fn curl(method: &Method, fields: &[Field], url: &str) -> String {
    let sets = openapi::one_of(fields);
    let mut pairs: Vec<(&str, String)> = Vec::new();
    if method.access == Access::OlderCredentials {
        pairs.extend([("account_name", "owner".to_owned()), ("account_password", "PASSWORD".to_owned())]);
    }
    for field in fields {
        let sent = match field.required {
            Required::Yes => true,
            // The names of users and rules mean something within an application alone.
            Required::No if field.name == "application_name" => sets.iter().any(|set| set.iter().any(|name| matches!(*name, "user_name" | "rule_name"))),
            Required::No => ASKED_FOR.contains(&(method.name, field.name)),
            // Names are easier to read than ids, and stand second.
            Required::OneOf => sets.iter().any(|set| set.last() == Some(&field.name)),
        };
        if sent {
            pairs.push((field.name, value(field)));
        }
    }
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if method.access == Access::OlderCredentials { form(url, method.name, false, &pairs) } else { call(url, method.name, &pairs) }
}

/// A call with a token.
pub fn call(url: &str, method: &str, pairs: &[(&str, &str)]) -> String {
    form(url, method, true, pairs)
}

fn form(url: &str, method: &str, token: bool, pairs: &[(&str, &str)]) -> String {
    let mut out = String::from("curl");
    if url.starts_with("https:") {
        out.push_str(" --cacert cordboard-data/ca.pem");
    }
    if token {
        out.push_str(" -H \"Authorization: Bearer $(cordboard token)\"");
    }
    out.push_str(" \\\n");
    for (name, value) in pairs {
        let pair = format!("{name}={value}");
        let quoted = if pair.chars().all(|c| c.is_ascii_alphanumeric() || "_=.-:/".contains(c)) { pair } else { format!("'{}'", pair.replace('\'', "'\\''")) };
        let _ = writeln!(out, "    --data-urlencode {quoted} \\");
    }
    let _ = write!(out, "    {}/platform_api/{method}", url.trim_end_matches('/'));
    out
}

/// A value that fits a parameter.
fn value(field: &Field) -> String {
    if let Some(first) = field.values.first() {
        return (*first).to_owned();
    }
    let by_name = match field.name {
        _ if field.all_allowed && field.required == Required::No => "all",
        "application_name" if field.of.is_none() => "shop",
        "application_name" | "required_application_name" => "demo",
        "role_name" => "Developer",
        "rule_pattern" => ".*",
        // Whoever tries the call at home still has a way in.
        "authorized_ip" => "127.0.0.1",
        "sip_whitelist_network" => "192.0.2.0/24",
        "account_email" => "someone@example.org",
        "key_id" => "0f2b2d6c-5a51-4c1c-9a0e-3f6f6f0c7d11",
        name if name.contains("password") => "Better-than-nothing-1",
        name if name.ends_with("display_name") => "Ada",
        "account_name" | "new_subuser_name" | "user_name" => "adalovelace",
        "scenario_name" | "required_scenario_name" | "rule_name" => "greet",
        "secret_name" => "token",
        _ => "",
    };
    if !by_name.is_empty() {
        return by_name.to_owned();
    }
    match field.kind {
        "int" | "intlist" => "1",
        "bool" => "true",
        "decimal" => "1.5",
        "timestamp" => "2026-01-31 12:00:00",
        "date" => "2026-01-31",
        _ => "example",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_with_blanks_and_quotes_stays_one_word_of_the_shell() {
        let text = call("http://127.0.0.1:8080/", "AddRule", &[("rule_pattern", ".*"), ("rule_name", "it's")]);
        assert!(
            text.ends_with("--data-urlencode 'rule_pattern=.*' \\\n    --data-urlencode 'rule_name=it'\\''s' \\\n    http://127.0.0.1:8080/platform_api/AddRule"),
            "{text}"
        );
        assert!(!text.contains("--cacert"));
    }
}
