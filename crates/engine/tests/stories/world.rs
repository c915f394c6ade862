//! What every session of these tests is told when it is made.

use std::{collections::BTreeMap, sync::Arc};

use cordboard_engine::{Catalogue, Instant, Now, Profile, Scenario, limits};

/// Where the simulated clocks begin: the monotonic one anywhere, the calendar on 1 January 2026.
const MONOTONIC_MS: u64 = 5_000_000;
const UTC_MS: i64 = 1_767_225_600_000;

pub fn now(at_ms: u64) -> Now {
    Now { monotonic: Instant(MONOTONIC_MS + at_ms), utc_ms: UTC_MS + i64::try_from(at_ms).unwrap() }
}

pub fn since_start(at: Instant) -> u64 {
    at.0 - MONOTONIC_MS
}

pub fn profile(scenarios: Vec<Scenario>) -> Profile {
    Profile {
        session_id: 4711,
        account_id: 12,
        application_id: 34,
        application_name: "shop.acme.cordboard".to_owned(),
        rule_id: 56,
        rule_name: "orders".to_owned(),
        user_id: None,
        scenarios,
        custom_data: String::new(),
        access_url: "http://box:8080/request/4711/t0ken0123456789".to_owned(),
        access_secure_url: "https://box:8443/request/4711/t0ken0123456789".to_owned(),
        log_url: "https://box:8443/logs/4711".to_owned(),
        token: "t0ken0123456789".to_owned(),
        secrets: BTreeMap::new(),
        may_manage: false,
        idle_ms: limits::IDLE_MS,
        seed: [7; 32],
    }
}

pub fn catalogue() -> Arc<Catalogue> {
    let group = |name: &str, methods: &[&str]| (name.to_owned(), methods.iter().map(|&method| method.to_owned()).collect());
    Arc::new(BTreeMap::from([group("Accounts", &["GetAccountInfo"]), group("Scenarios", &["StartScenarios"]), group("Users", &["AddUser", "GetUsers"])]))
}
