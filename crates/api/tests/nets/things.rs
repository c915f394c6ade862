//! One account's things, and requests that are plausible but for what a net puts into them.

use cordboard_api::{
    registry::Method,
    testing::*,
    wire::{Field, Required},
};

/// A key in the storage of every account's application, so that only the application tells the items apart.
const STORED: &str = "net:key";

/// What an account has, by the names of parameters.
pub struct Things {
    pub word: &'static str,
    pub application: String,
    pub user: String,
    pub rule: String,
    pub scenario: String,
    pub key: String,
    pub subuser: String,
    pub secret: String,
    pub report: String,
    pub white_listed: String,
    pub child: Option<String>,
    pub panel_session: Option<String>,
}

impl Things {
    /// Makes them as `who`. Every name begins with `word`.
    pub async fn make(world: &World, who: &Who, word: &'static str) -> Self {
        let named = |kind: &str| format!("{word}-{kind}");
        let add = async |method: &str, id: &str, params: &[(&str, &str)]| world.ok(who, method, params).await[id].to_string();
        let application = add("AddApplication", "application_id", &[("application_name", &named("application"))]).await;
        let in_application = ("application_id", application.as_str());
        let user = [in_application, ("user_name", &named("user")), ("user_display_name", word), ("user_password", "Us3r-Passwort")];
        let user = add("AddUser", "user_id", &user).await;
        add("SetKeyValueItem", "result", &[in_application, ("key", STORED), ("value", &named("value"))]).await;
        let secret = [in_application, ("secret_name", &format!("{word}_secret")), ("secret_value", &named("value"))];
        let secret = world.ok(who, "AddSecret", &secret).await["result"]["secret_id"].to_string();
        let scenario = add("AddScenario", "scenario_id", &[("scenario_name", &named("scenario")), ("scenario_script", "let a;")]).await;
        let key = world.ok(who, "CreateKey", &[("role_name", "Support"), ("description", word)]).await["result"]["key_id"].as_str().unwrap().to_owned();
        let rule = [in_application, ("rule_name", &named("rule")), ("rule_pattern", ".*"), ("scenario_id", &scenario), ("bind_key_id", &key)];
        let rule = add("AddRule", "rule_id", &rule).await;
        let subuser = [("new_subuser_name", named("subuser")), ("new_subuser_password", SUBUSER_PASSWORD.to_owned())];
        let subuser: Vec<(&str, &str)> = subuser.iter().map(|(name, value)| (*name, value.as_str())).chain([("role_name", "Support")]).collect();
        let subuser = world.ok(who, "AddSubUser", &subuser).await["result"]["subuser_id"].to_string();
        let report = world.ok(who, "GetCallHistoryAsync", &[in_application]).await["history_report_id"].to_string();
        let white_listed = add("AddSipWhiteListItem", "sip_whitelist_id", &[("sip_whitelist_network", "203.0.113.0/24"), ("description", word)]).await;
        Self { white_listed, word, application, user, rule, scenario, key, subuser, secret, report, child: None, panel_session: None }
    }

    /// The thing that a parameter names, by its id or its name.
    pub fn named_by(&self, field: &Field) -> Option<String> {
        let by_id = matches!(field.kind, "int" | "intlist");
        let kind = match (field.of, field.name) {
            (_, "key_id" | "bind_key_id" | "attached_key_id") => return Some(self.key.clone()),
            (_, "subuser_id") => return Some(self.subuser.clone()),
            (_, "history_report_id") => return Some(self.report.clone()),
            (_, "sip_whitelist_id") => return Some(self.white_listed.clone()),
            (_, "child_account_id") => return self.child.clone(),
            (_, "panel_session_id") => return self.panel_session.clone(),
            (Some(of), _) => of,
            (None, "application_id") => "application",
            (None, "user_id") => "user",
            (None, "rule_id") => "rule",
            (None, "scenario_id") => "scenario",
            _ => return None,
        };
        let id = match kind {
            "application" => &self.application,
            "user" => &self.user,
            "rule" => &self.rule,
            "scenario" => &self.scenario,
            "secret" => &self.secret,
            "child account" => self.child.as_ref()?,
            _ => return None,
        };
        let name = || if kind == "secret" { format!("{}_secret", self.word) } else { format!("{}-{}", self.word, kind.replace("child account", "child")) };
        Some(if by_id { id.clone() } else { name() })
    }
}

/// Which parameters a request carries beside the one under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Those that the method requires.
    Required,
    /// Those, and every thing that it may name.
    EveryThing,
}

/// Values for the other parameters of a request whose parameter `tested` holds something special. `number` makes names new.
pub fn plausible(method: &Method, tested: &Field, things: &Things, beside: Beside, number: usize) -> Vec<(&'static str, String)> {
    let fields = (method.fields)();
    let mut out: Vec<(&'static str, String)> = Vec::new();
    let mut told: Vec<&'static str> = tested.of.into_iter().collect();
    for field in fields.iter().filter(|field| field.name != tested.name) {
        if field.of.is_some_and(|of| told.contains(&of)) {
            continue;
        }
        let thing = things.named_by(field).filter(|_| field.required != Required::No || beside == Beside::EveryThing);
        let value = match (thing, field.required) {
            (Some(thing), _) => thing,
            (None, Required::No) => continue,
            (None, Required::Yes | Required::OneOf) => value(field, number),
        };
        told.extend(field.of);
        out.push((field.name, value));
    }
    out
}

/// A value that the method takes.
fn value(field: &Field, number: usize) -> String {
    match (field.name, field.kind) {
        ("account_email", _) => format!("n{number}@example.org"),
        ("authorized_ip" | "contains_ip" | "sip_whitelist_network", _) => "192.0.2.0/24".to_owned(),
        ("rule_pattern", _) => "1.*".to_owned(),
        ("role_id", _) => "3".to_owned(),
        ("key", _) => STORED.to_owned(),
        ("secret_name" | "new_secret_name", _) => format!("n{number}_name"),
        ("output", _) => "csv".to_owned(),
        (name, _) if name.ends_with("password") => "Us3r-Passwort".to_owned(),
        (_, "int" | "intlist") => "1".to_owned(),
        (_, "bool") => "true".to_owned(),
        (_, "decimal") => "1.5".to_owned(),
        (_, "timestamp" | "date") => "2026-01-01".to_owned(),
        _ => format!("n{number}-name"),
    }
}

/// Everything that shows the account's things, as texts.
pub async fn state(world: &World, who: &Who) -> Vec<String> {
    let mut out = Vec::new();
    for (method, params) in [
        ("GetApplications", &[("with_rules", "true"), ("with_scenarios", "true")][..]),
        ("GetScenarios", &[("with_script", "true")]),
        ("GetKeys", &[("with_roles", "true")]),
        ("GetSubUsers", &[("with_roles", "true")]),
        ("GetChildrenAccounts", &[("child_account_id", "all")]),
        ("GetAuthorizedAccountIPs", &[]),
        ("GetSipWhiteList", &[]),
        ("GetAccountInfo", &[]),
        ("GetHistoryReports", &[]),
    ] {
        let all: Vec<(&str, &str)> = params.iter().copied().chain([("count", "10000")]).filter(|(name, _)| method != "GetAccountInfo" || *name != "count").collect();
        out.push(format!("{method} {}", world.ok(who, method, &all).await));
    }
    let applications = world.ok(who, "GetApplications", &[("count", "10000")]).await;
    for application in applications["result"].as_array().unwrap() {
        let id = application["application_id"].to_string();
        out.push(format!("GetUsers {}", world.ok(who, "GetUsers", &[("application_id", id.as_str()), ("count", "10000")]).await));
        out.push(format!("GetScenarios {}", world.ok(who, "GetScenarios", &[("application_id", id.as_str()), ("with_script", "true")]).await));
        for number in 0.. {
            let page = world.ok(who, "GetKeyValueKeys", &[("application_id", &id), ("count", "50"), ("offset", &(number * 50).to_string())]).await;
            if page["result"].as_array().is_none_or(Vec::is_empty) {
                break;
            }
            for key in page["result"].as_array().unwrap() {
                let item = [("application_id", id.as_str()), ("key", key["key"].as_str().unwrap())];
                out.push(format!("GetKeyValueItem {}", world.ok(who, "GetKeyValueItem", &item).await));
            }
        }
        let secrets = world.ok(who, "GetSecrets", &[("application_id", id.as_str()), ("count", "10000")]).await;
        for secret in secrets["result"].as_array().unwrap() {
            let secret = [("application_id", id.as_str()), ("secret_id", &secret["secret_id"].to_string())];
            out.push(format!("GetSecretValue {}", world.ok(who, "GetSecretValue", &secret).await));
        }
    }
    out
}
