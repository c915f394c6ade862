//! Probes: expressions that are evaluated in sessions of their own.

use std::{collections::BTreeMap, sync::Arc};

use cordboard_engine::{Input, Instant, Now, Output, Profile, Scenario, Session};

pub fn started(script: &str) -> Session {
    let profile = Profile {
        session_id: 1,
        account_id: 1,
        application_id: 1,
        application_name: "app.account.example.org".to_owned(),
        rule_id: 1,
        rule_name: "rule".to_owned(),
        user_id: None,
        scenarios: vec![Scenario { name: "scenario".to_owned(), script: script.to_owned() }],
        custom_data: String::new(),
        access_url: "http://h/request/1/token".to_owned(),
        access_secure_url: "https://h/request/1/token".to_owned(),
        log_url: "http://h/log".to_owned(),
        token: "token".to_owned(),
        secrets: BTreeMap::new(),
        may_manage: true,
        idle_ms: 60_000,
        seed: [7; 32],
    };
    let mut session = Session::new(profile, Arc::new(BTreeMap::new()));
    session.handle(at(0), Input::Start);
    session
}

pub fn at(ms: u64) -> Now {
    Now { monotonic: Instant(1_000 + ms), utc_ms: 1_736_942_400_000 + i64::try_from(ms).unwrap() }
}

pub fn log(session: &mut Session) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(output) = session.poll() {
        if let Output::Log(line) = output {
            lines.push(line);
        }
    }
    lines
}

/// What a script hands to `tell`, as JSON.
pub fn told(script: &str) -> serde_json::Value {
    let mut parts = all_told(script);
    assert_eq!(parts.len(), 1, "{parts:?}");
    parts.remove(0)
}

/// What a script hands to `tell`, each time it does.
pub fn all_told(script: &str) -> Vec<serde_json::Value> {
    let script = format!("const tell = (value) => Logger.write('told ' + JSON.stringify(value));\n{script}");
    let lines = log(&mut started(&script));
    let parts: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("told ")).map(|part| serde_json::from_str(part).unwrap()).collect();
    assert!(!parts.is_empty(), "{lines:?}");
    parts
}
