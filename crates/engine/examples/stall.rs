//! Seconds that scripts need although the brake is pulled after one: `cargo run --release --example stall -- FILE…`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]
use cordboard_engine::{Input, Instant, Now, Profile, Scenario, Session, limits};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

fn profile(name: &str, script: String) -> Profile {
    Profile {
        session_id: 1,
        account_id: 1,
        application_id: 1,
        application_name: "a.b.c".into(),
        rule_id: 1,
        rule_name: "r".into(),
        user_id: None,
        scenarios: vec![Scenario { name: name.into(), script }],
        custom_data: String::new(),
        access_url: String::new(),
        access_secure_url: String::new(),
        log_url: String::new(),
        token: String::new(),
        secrets: BTreeMap::new(),
        may_manage: false,
        idle_ms: limits::IDLE_MS,
        seed: [7; 32],
    }
}

fn main() {
    for file in std::env::args().skip(1) {
        let mut session = Session::new(profile(&file, std::fs::read_to_string(&file).unwrap()), Arc::new(BTreeMap::new()));
        let brake = session.brake();
        let (done, wait) = std::sync::mpsc::channel();
        let began = std::time::Instant::now();
        let thread = std::thread::Builder::new().stack_size(limits::THREAD_STACK_BYTES).spawn(move || {
            session.handle(Now { monotonic: Instant(1), utc_ms: 0 }, Input::Start);
            let last = std::iter::from_fn(|| session.poll()).last();
            done.send(()).unwrap();
            last
        });
        let mut ended = wait.recv_timeout(Duration::from_secs(1)).is_ok();
        if !ended {
            brake.pull();
            ended = wait.recv_timeout(Duration::from_secs(120)).is_ok();
        }
        let last = if ended { Some(thread.unwrap().join()) } else { None };
        println!("{:>7.2} s  {file}  {}", began.elapsed().as_secs_f64(), if let Some(Ok(last)) = last { format!("{last:?}") } else { "still running".to_owned() });
    }
}
