#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::disallowed_types)]
use cordboard_engine::*;
use std::{collections::BTreeMap, sync::Arc, time::Instant as Clock};
fn profile(script: &str) -> Profile {
    Profile {
        session_id: 1,
        account_id: 1,
        application_id: 1,
        application_name: "a.b.c".into(),
        rule_id: 1,
        rule_name: "r".into(),
        user_id: None,
        scenarios: vec![Scenario { name: "s".into(), script: script.into() }],
        custom_data: "x".into(),
        access_url: "http://h/request/1/tok".into(),
        access_secure_url: "https://h/request/1/tok".into(),
        log_url: "l".into(),
        token: "tok".into(),
        secrets: BTreeMap::new(),
        may_manage: false,
        idle_ms: 60_000,
        seed: [7; 32],
    }
}
fn rss() -> f64 {
    let t = std::fs::read_to_string("/proc/self/statm").unwrap();
    t.split(' ').nth(1).unwrap().parse::<f64>().unwrap() * 4.0
}
fn now() -> Now {
    Now { monotonic: Instant(1000), utc_ms: 1_700_000_000_000 }
}
fn main() {
    let script = std::env::args().nth(1).map(|f| std::fs::read_to_string(f).unwrap()).unwrap_or_else(|| "VoxEngine.addEventListener(AppEvents_Started(), () => { Logger.write('hi ' + Date.now() + new Date()); }); function AppEvents_Started() { return 'Application.Started'; } VoxEngine.addEventListener('Application.HttpRequest', (e) => ({a: 1, e}));".into());
    let cat = Arc::new(BTreeMap::new());
    let mut s = Session::new(profile(&script), cat.clone());
    s.handle(now(), Input::Start);
    while let Some(o) = s.poll() {
        println!("{o:?}");
    }
    s.handle(now(), Input::Request { request: 1, method: "GET".into(), path: "/request/1/tok".into(), content: "".into(), headers: vec![("X-A".into(), "b".into())] });
    while let Some(o) = s.poll() {
        println!("{o:?}");
    }
    println!("{:?}", s.deadline());
    s.handle(now(), Input::Stop { finish_reason: "bye".into() });
    while let Some(o) = s.poll() {
        println!("{o:?}");
    }
    let n = 2000;
    let before = rss();
    let t = Clock::now();
    let mut all = Vec::new();
    for _ in 0..n {
        let mut s = Session::new(profile(&script), cat.clone());
        s.handle(now(), Input::Start);
        while s.poll().is_some() {}
        all.push(s);
    }
    println!("{} us each, {} KiB each", t.elapsed().as_micros() / n, (rss() - before) / n as f64);
    let t = Clock::now();
    for s in &mut all {
        s.handle(now(), Input::Request { request: 1, method: "GET".into(), path: "/request/1/tok".into(), content: "".into(), headers: vec![] });
        while s.poll().is_some() {}
    }
    println!("request {} us, {} KiB each", t.elapsed().as_micros() / n, (rss() - before) / n as f64);
}
