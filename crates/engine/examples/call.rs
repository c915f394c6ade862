//! What a call that a scenario answers and hangs up costs inside the engine: `cargo run --release -p cordboard-engine --example call`.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types, reason = "measures real time")]

use std::{collections::BTreeMap, sync::Arc};

use cordboard_engine::{Alerting, CallEvent, Input, Instant, Now, Output, Profile, Scenario, Session};

const SCRIPT: &str = "VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {
    e.call.addEventListener(CallEvents.Connected, () => e.call.hangup());
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
    e.call.answer(); });";

const NOW: Now = Now { monotonic: Instant(1_000), utc_ms: 1_736_942_400_000 };

/// Nanoseconds that this thread ran, as Linux counts them: other load on the machine does not.
fn ran_ns() -> u64 {
    std::fs::read_to_string("/proc/thread-self/schedstat").unwrap().split(' ').next().unwrap().parse().unwrap()
}

fn profile(script: &str) -> Profile {
    Profile {
        session_id: 1,
        account_id: 1,
        application_id: 1,
        application_name: "app.account.example.org".into(),
        rule_id: 1,
        rule_name: "rule".into(),
        user_id: None,
        scenarios: vec![Scenario { name: "scenario".into(), script: script.into() }],
        custom_data: String::new(),
        access_url: "http://h/request/1/token".into(),
        access_secure_url: "https://h/request/1/token".into(),
        log_url: "http://h/log".into(),
        token: "token".into(),
        secrets: BTreeMap::new(),
        may_manage: false,
        idle_ms: 60_000,
        seed: [7; 32],
    }
}

fn told(session: &mut Session, input: Input) -> usize {
    session.handle(NOW, input);
    std::iter::from_fn(|| session.poll()).filter(|output| matches!(output, Output::Call { .. } | Output::Ended(_))).count()
}

fn call(event: CallEvent) -> Input {
    Input::Call { call: 7, event }
}

/// What it did: answered, hung up, ended.
fn whole() -> usize {
    let mut session = Session::new(profile(SCRIPT), Arc::new(BTreeMap::new()));
    let alerting = Alerting {
        callerid: "15550199".into(),
        destination: "15550100".into(),
        display_name: String::new(),
        to_uri: "sip:+15550100@127.0.0.1".into(),
        from_uri: "sip:+15550199@127.0.0.1".into(),
        headers: Vec::new(),
        custom_data: String::new(),
        client_type: "pstn".into(),
    };
    told(&mut session, Input::Start)
        + told(&mut session, Input::Alerting { call: 7, alerting: Box::new(alerting) })
        + told(
            &mut session,
            call(CallEvent::Connected { sip_call_id: "1".into(), display_name: String::new(), headers: Vec::new(), encrypted: false, transport: "UDP".into() }),
        )
        + told(&mut session, call(CallEvent::Disconnected { reason: "Normal call clearing".into(), internal_code: 16, headers: Vec::new() }))
}

fn empty() -> usize {
    let mut session = Session::new(profile(""), Arc::new(BTreeMap::new()));
    told(&mut session, Input::Start) + told(&mut session, Input::Stop { finish_reason: "over".into() })
}

fn measure(what: &str, times: u64, run: fn() -> usize, outputs: usize) {
    assert_eq!(run(), outputs, "{what}");
    let mut rounds: Vec<u64> = (0..5)
        .map(|_| {
            let start = ran_ns();
            for _ in 0..times {
                std::hint::black_box(run());
            }
            (ran_ns() - start) / times / 1_000
        })
        .collect();
    rounds.sort_unstable();
    println!("{what}: {} µs (median of {})", rounds[2], rounds.len());
}

fn main() {
    let times = std::env::args().nth(1).and_then(|times| times.parse().ok()).unwrap_or(500);
    measure("an empty session", times, empty, 1);
    measure("a call that is answered and hung up", times, whole, 3);
}
