//! Scripts that mean harm, one session each: they end as their headers say, and take nothing else with them.
//!
//! A script begins with comments: what it tries, `ENDS: <finish reason>`, any number of `LOG: <text that must appear>` and
//! `NEVER: <text that must not>`, `ALERTING` when a call comes in after the start, and `STALLS` when a native function of its ignores the brake for more than a second.

// The brake is pulled by processor time, which another thread has to watch as it passes.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::Duration,
};

use cordboard_engine::{Alerting, Brake, CallAction, CallEvent, End, HttpAnswer, Input, Output, PlayerEvent, Profile, Scenario, Session, limits};

use crate::{files, world};

/// Scripts whose native calls ignore the brake. The server's supervisor has to live with them.
const STALLS: &[&str] = &[
    "stall_bigint_text_small",
    "stall_concat",
    "stall_fill",
    "stall_flat",
    "stall_join",
    "stall_join_separator",
    "stall_log_sparse",
    "stall_normalize_marks",
    "stall_raw",
    "stall_reverse",
    "stall_shift",
    "stall_sort",
    "stall_splice",
    "stall_string_index_of",
    "stall_string_index_of_once",
    "stall_typed_index_of",
];

/// Processor time of a turn, milliseconds. voxengine.md §6
const TURN_MS: u64 = 1_000;

/// Processor time that a braked turn may still take, milliseconds; debug builds are slower than the promise.
const GRACE_MS: u64 = if cfg!(debug_assertions) { 3_000 } else { 1_000 };

/// Memory that a session may take beside its JavaScript: its log, its waiting requests, and copies on their way.
const BESIDE_BYTES: u64 = 96 * 1024 * 1024;

/// Turns that a session is given before an administrator stops it.
const TURNS: usize = 2_000;

struct Script {
    name: String,
    text: String,
    ends: String,
    log: Vec<String>,
    never: Vec<String>,
    stalls: bool,
    alerting: bool,
}

impl Script {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let header: Vec<_> = text.lines().map_while(|line| line.strip_prefix("// ")).collect();
        let all = |key: &str| header.iter().filter_map(|line| line.strip_prefix(key)).map(str::to_owned).collect::<Vec<_>>();
        assert!(header.first().is_some_and(|line| !line.starts_with("ENDS: ")), "{name}: the first line says what the script tries");
        let ends = all("ENDS: ").pop().unwrap_or_else(|| panic!("{name}: no ENDS"));
        Self { ends, log: all("LOG: "), never: all("NEVER: "), stalls: header.contains(&"STALLS"), alerting: header.contains(&"ALERTING"), name, text: text.clone() }
    }

    fn profile(&self) -> Profile {
        let mut profile = world::profile(vec![Scenario { name: self.name.clone(), script: self.text.clone() }]);
        profile.may_manage = true;
        profile.secrets.insert("API_KEY".to_owned(), "sk-live-0123456789".to_owned());
        profile
    }
}

fn scripts() -> Vec<Script> {
    files("hostile", "js").iter().map(|path| Script::read(path)).collect()
}

/// Processor time of a thread of this process, milliseconds, and the process's resident bytes.
fn processor_ms(thread: &str) -> u64 {
    // Fields 14 and 15 of /proc/…/stat, counted from behind the name: user and system time in hundredths of a second.
    let stat = std::fs::read_to_string(format!("/proc/{thread}/stat")).unwrap_or_default();
    let fields: Vec<u64> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    fields.iter().sum::<u64>() * 10
}

fn resident_bytes() -> u64 {
    let pages: u64 = std::fs::read_to_string("/proc/self/statm").unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

struct Ran {
    log: Vec<String>,
    end: Option<End>,
    peak_bytes: u64,
}

/// Runs a script with a watchdog beside it.
fn run(script: &Script) -> Ran {
    let before = resident_bytes();
    let began_ms = Arc::new(AtomicU64::new(0));
    let (say, hear) = mpsc::channel();
    let session = Session::new(script.profile(), world::catalogue());
    let brake = session.brake();
    let worker = {
        let (began_ms, name, alerting) = (began_ms.clone(), script.name.clone(), script.alerting);
        std::thread::Builder::new().name(name).stack_size(limits::THREAD_STACK_BYTES).spawn(move || play(session, alerting, &began_ms, &say)).unwrap()
    };
    let Ok(thread) = hear.recv() else { panic!("{}: the session's thread died", script.name) };
    let mut peak = 0;
    while let Err(mpsc::RecvTimeoutError::Timeout) = hear.recv_timeout(Duration::from_millis(20)) {
        peak = peak.max(resident_bytes().saturating_sub(before));
        watch(&thread, &began_ms, &brake, script);
    }
    let (log, end) = worker.join().unwrap_or_else(|_| panic!("{}: the session panicked", script.name));
    Ran { log, end, peak_bytes: peak }
}

fn watch(thread: &str, began_ms: &AtomicU64, brake: &Brake, script: &Script) {
    let took = processor_ms(thread).saturating_sub(began_ms.load(Ordering::Relaxed));
    if took > TURN_MS {
        brake.pull();
    }
    assert!(took <= TURN_MS + GRACE_MS, "{}: the brake was ignored for {GRACE_MS} ms: is it a script that STALLS?", script.name);
}

/// The session's side: answers what it asks for, goes from deadline to deadline, and stops it in the end.
fn play(mut session: Session, alerting: bool, began_ms: &AtomicU64, say: &mpsc::Sender<String>) -> (Vec<String>, Option<End>) {
    let thread = std::fs::read_link("/proc/thread-self").unwrap().to_string_lossy().into_owned();
    began_ms.store(processor_ms(&thread), Ordering::Relaxed);
    say.send(thread.clone()).unwrap();
    let (mut log, mut end) = (Vec::new(), None);
    let mut inputs = std::collections::VecDeque::from([Input::Start]);
    if alerting {
        inputs.push_back(came_in());
    }
    for (request, content) in [(1, ""), (2, r#"{"cmd":"status"}"#)] {
        inputs.push_back(Input::Request {
            request,
            method: "POST".to_owned(),
            path: "/x".to_owned(),
            content: content.to_owned(),
            headers: vec![("X-A".to_owned(), "b".to_owned())],
        });
    }
    let mut at = 0;
    for turn in 0.. {
        let input = match inputs.pop_front() {
            _ if turn == TURNS => Input::Stop { finish_reason: "Terminated administratively".to_owned() },
            Some(input) => input,
            None => {
                let Some((due, _)) = session.deadline() else { break };
                at = world::since_start(due).max(at);
                Input::Tick
            }
        };
        began_ms.store(processor_ms(&thread), Ordering::Relaxed);
        session.handle(world::now(at), input);
        while let Some(output) = session.poll() {
            match output {
                Output::Log(line) => log.push(line),
                Output::Ended(ended) => end = Some(ended),
                other => inputs.extend(answered(other)),
            }
        }
        if session.has_ended() || turn > 2 * TURNS {
            break;
        }
    }
    (log, end)
}

/// The number of a call that came in.
const CAME_IN: u64 = 1 << 40;

fn came_in() -> Input {
    let text = || "<script>\u{202e}\0\r\nX-Injected: yes".to_owned();
    Input::Alerting {
        call: CAME_IN,
        alerting: Box::new(Alerting {
            callerid: text(),
            destination: text(),
            display_name: text(),
            to_uri: text(),
            from_uri: text(),
            headers: vec![("__proto__".to_owned(), text()), ("X-A".to_owned(), text()), ("toString".to_owned(), text())],
            custom_data: text(),
            client_type: "sip".to_owned(),
        }),
    }
}

/// What the world would say.
fn answered(output: Output) -> Option<Input> {
    let ok = || HttpAnswer::Answered {
        status: 200,
        headers: vec![("Content-Type".to_owned(), "text/plain".to_owned())],
        raw_headers: "Content-Type: text/plain\r\n".to_owned(),
        body: b"ok".to_vec(),
    };
    Some(match output {
        Output::Http { request, .. } => Input::HttpAnswered { request, answer: ok() },
        Output::Mail { mail, .. } => Input::MailSent { mail, code: 0, error: None },
        Output::Store { request, .. } => Input::Stored { request, result: Ok(serde_json::json!({"key": "k", "value": "v"})) },
        Output::Manage { request, .. } => Input::Managed { request, answer: serde_json::json!({"result": 1, "user_id": 2}) },
        Output::SocketConnect { socket, .. } => Input::SocketOpened { socket },
        Output::SocketClose { socket, code, reason } => Input::SocketClosed { socket, code, reason, was_clean: true },
        Output::Place { call, .. } | Output::Call { call, action: CallAction::Answer { .. } } => Input::Call {
            call,
            event: CallEvent::Connected {
                sip_call_id: "id".to_owned(),
                display_name: String::new(),
                headers: vec![("__proto__".to_owned(), "x".to_owned())],
                encrypted: false,
                transport: "udp".to_owned(),
            },
        },
        Output::Call { call, action: CallAction::Hangup { headers } | CallAction::Reject { headers, .. } } => {
            Input::Call { call, event: CallEvent::Disconnected { reason: "Normal call clearing".to_owned(), internal_code: 200, headers } }
        }
        Output::Call { call, action: CallAction::Message { text } } => Input::Call { call, event: CallEvent::Message { text, headers: Vec::new() } },
        Output::Call { call, action: CallAction::Digits { .. } } => Input::Call { call, event: CallEvent::Tone { tone: '1', kind: 1 } },
        Output::Play { player, play } if !play.looped => Input::Player { player, event: PlayerEvent::Finished { error: None } },
        _ => return None,
    })
}

#[test]
fn every_hostile_script_ends_as_it_should_and_harms_nobody() {
    let only = std::env::var("HOSTILE").ok();
    let mut wrong = Vec::new();
    for script in scripts().iter().filter(|script| !script.stalls && only.as_ref().is_none_or(|only| script.name.contains(only))) {
        let ran = run(script);
        let mut fail = |what: String| wrong.push(format!("{}: {what}", script.name));
        match &ran.end {
            Some(end) if end.finish_reason == script.ends => {}
            Some(end) => fail(format!("ended with '{}', not '{}'; its last lines:\n    {}", end.finish_reason, script.ends, last(&ran.log))),
            None => fail("did not end".to_owned()),
        }
        for text in &script.log {
            if !ran.log.iter().any(|line| line.contains(text)) {
                fail(format!("'{text}' is not in the log, whose last lines are:\n    {}", last(&ran.log)));
            }
        }
        for text in &script.never {
            if let Some(line) = ran.log.iter().find(|line| line.contains(text)) {
                fail(format!("the log has {line:.300}"));
            }
        }
        let most = limits::MEMORY_BYTES as u64 + BESIDE_BYTES;
        if ran.peak_bytes > most {
            fail(format!("took {} MiB, more than {}", ran.peak_bytes >> 20, most >> 20));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn last(log: &[String]) -> String {
    log.iter().rev().take(8).rev().map(|line| line.chars().take(200).collect::<String>()).collect::<Vec<_>>().join("\n    ")
}

#[test]
fn scripts_that_stall_are_those_that_are_known_to() {
    let marked: Vec<_> = scripts().into_iter().filter(|script| script.stalls).map(|script| script.name).collect();
    assert_eq!(marked, STALLS);
}

/// What one session leaves behind, another does not find.
#[test]
fn nothing_of_a_session_is_left_for_the_next() {
    let script =
        |text: &str| Script { name: "s".to_owned(), text: text.to_owned(), ends: String::new(), log: Vec::new(), never: Vec::new(), stalls: false, alerting: false };
    let first = run(&script(
        "globalThis.left = 1; Object.prototype.left = 2; Array.prototype.left = 3; VoxEngine.left = 4; Symbol.for('left').description; Error.left = 5; Logger.write = () => {}; VoxEngine.terminate();",
    ));
    assert_eq!(first.end.unwrap().finish_reason, "Normal termination");
    let second = run(&script("Logger.write([typeof left, ({}).left, [].left, VoxEngine.left, Error.left].join('|')); VoxEngine.terminate();"));
    assert!(second.log.contains(&"undefined||||".to_owned()), "{:?}", second.log);
}
