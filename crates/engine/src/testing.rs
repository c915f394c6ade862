//! Scenarios in tests: a session that runs one, and what it said.

use std::{collections::BTreeMap, sync::Arc};

use crate::{Input, Instant, Now, Output, Profile, Scenario, Session};

pub const NOW: Now = Now { monotonic: Instant(1_000), utc_ms: 1_736_942_400_000 };

pub fn profile(script: &str) -> Profile {
    Profile {
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
        may_manage: false,
        idle_ms: 60_000,
        seed: [7; 32],
    }
}

/// What a scenario wrote to its log, without the session's own lines.
pub fn said(script: &str) -> Vec<String> {
    let mut session = Session::new(profile(script), Arc::new(BTreeMap::new()));
    session.handle(NOW, Input::Start);
    let mut lines = Vec::new();
    while let Some(output) = session.poll() {
        if let Output::Log(line) = output {
            lines.push(line);
        }
    }
    let own = ["Loading scenario", "Sent event to JS", "Terminating request", "Normal termination", "JS session error", "Session terminated"];
    lines.retain(|line| !own.iter().any(|start| line.starts_with(start)));
    lines
}

/// What each expression is, or which error it throws.
pub fn values(expressions: &[&str]) -> Vec<String> {
    let script: String = expressions
        .iter()
        .map(|of| format!("try {{ Logger.write(String({of})); }} catch (error) {{ Logger.write(`${{error.name}}: ${{error.message}}`); }}\n"))
        .collect();
    said(&script)
}
