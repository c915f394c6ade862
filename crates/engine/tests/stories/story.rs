//! A story: scenarios, then a transcript of what comes in and, indented, of what goes out.
//!
//! ```text
//! # What the story shows.
//! custom_data = +15551234            settings of the profile, if any: custom_data, may_manage, idle_ms, secret NAME
//! --- scenario greet
//! VoxEngine.addEventListener('Application.HttpRequest', () => 'hello');
//! --- transcript
//! at 0 start
//!   log Loading scenario greet
//! at 100 request 1 POST /orders [X-Trace: abc] {"a":1}
//!   answer 1 200 text hello
//! at 60000 run
//!   -- 60000: no call
//!   ended Normal termination
//! ```
//!
//! What happens to calls and players, in the words of `happenings.rs`:
//!
//! ```text
//! at 5 alerting 1099511627776 pstn 15550123 15550100 [X-Order: 17] Display name
//! at 9 call 1 connected [X-A: b] Display name
//! at 99 player 2 finished
//! ```
//!
//! Times are milliseconds since the start. Deadlines up to an input's time are honoured first, each at its own moment,
//! shown as `-- moment: why`. `late` is an input that honours them only now, as a busy machine would.

use std::path::{Path, PathBuf};

use cordboard_engine::{Frame, HttpAnswer, Input, Message, Output, Profile, Recording, Scenario, Session};

use crate::{happenings, transcript, world};

pub struct Story {
    pub path: PathBuf,
    pub text: String,
    pub profile: Profile,
    /// Everything above the transcript.
    head: String,
    /// The transcript's lines that are inputs, with their moments.
    inputs: Vec<(String, u64, Step)>,
}

enum Step {
    Input(Input),
    /// Time passes.
    Run,
    /// Time passed without anybody looking.
    Late,
}

impl Story {
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let marker = "--- transcript\n";
        let (head, transcript) = text.split_once(marker).unwrap_or_else(|| panic!("{}: no '--- transcript'", path.display()));
        let mut profile = world::profile(Vec::new());
        for line in head.lines() {
            if let Some(name) = line.strip_prefix("--- scenario ") {
                profile.scenarios.push(Scenario { name: name.to_owned(), script: String::new() });
            } else if let Some(scenario) = profile.scenarios.last_mut() {
                scenario.script.push_str(line);
                scenario.script.push('\n');
            } else if !line.starts_with('#') && !line.is_empty() {
                let (name, value) = line.split_once(" = ").unwrap_or_else(|| panic!("{}: '{line}' is no setting", path.display()));
                set(&mut profile, name, value);
            }
        }
        let inputs = transcript
            .lines()
            .filter(|line| !line.starts_with(' ') && !line.is_empty())
            .map(|line| {
                let (at, step) = step(line).unwrap_or_else(|| panic!("{}: '{line}' cannot be read", path.display()));
                (line.to_owned(), at, step)
            })
            .collect();
        Self { head: format!("{head}{marker}"), path: path.to_owned(), profile, inputs, text: text.clone() }
    }

    /// The whole text as it should be, by what happens.
    pub fn tell(&self) -> String {
        let mut told = self.head.clone();
        self.play(|line| told.push_str(line), |_, _| {});
        told
    }

    /// The session's recording, and the outputs of each frame.
    pub fn record(&self) -> (Recording, Vec<Vec<Output>>) {
        let mut frames = Vec::new();
        let mut all = Vec::new();
        self.play(
            |_| {},
            |frame, outputs| {
                frames.push(frame);
                all.push(outputs);
            },
        );
        (Recording { profile: self.profile.clone(), frames }, all)
    }

    fn play(&self, mut tell: impl FnMut(&str), mut keep: impl FnMut(Frame, Vec<Output>)) {
        let mut session = Session::new(self.profile.clone(), world::catalogue());
        // Deadlines of which nothing follows are told once with their number.
        let mut quiet = (String::new(), 0);
        let mut tell = |text: &str, deadline: bool| {
            if deadline && text == quiet.0 {
                quiet.1 += 1;
                return;
            }
            if quiet.1 > 1 {
                tell(&format!("{} ({} times)\n", quiet.0.trim_end(), quiet.1));
            } else {
                tell(&quiet.0);
            }
            quiet = if deadline { (text.to_owned(), 1) } else { (String::new(), 0) };
            if !deadline {
                tell(text);
            }
        };
        let tick = |tell: &mut dyn FnMut(&str, bool), why: &str, lines: &str, at: u64| {
            tell(&format!("  -- {at}: {why}\n"), true);
            if !lines.is_empty() {
                tell(lines, false);
            }
        };
        let mut turn = |session: &mut Session, at: u64, input: Input| {
            let frame = Frame { now: world::now(at), input };
            session.handle(frame.now, frame.input.clone());
            let outputs: Vec<_> = std::iter::from_fn(|| session.poll()).collect();
            let lines: String = outputs.iter().map(transcript::lines).collect();
            keep(frame, outputs);
            lines
        };
        for (line, at, step) in &self.inputs {
            if !matches!(step, Step::Late) {
                while let Some((due, why)) = session.deadline().map(|(due, why)| (world::since_start(due), why)).filter(|(due, _)| due <= at) {
                    let lines = turn(&mut session, due, Input::Tick);
                    tick(&mut tell, why, &lines, due);
                }
            }
            tell(&format!("{line}\n"), false);
            match step {
                Step::Run => {}
                Step::Input(input) => tell(&turn(&mut session, *at, input.clone()), false),
                Step::Late => {
                    while let Some((_, why)) = session.deadline().filter(|(due, _)| world::since_start(*due) <= *at) {
                        let lines = turn(&mut session, *at, Input::Tick);
                        tick(&mut tell, why, &lines, *at);
                    }
                }
            }
        }
        tell("", false);
    }
}

fn set(profile: &mut Profile, name: &str, value: &str) {
    match name {
        "custom_data" => profile.custom_data = value.to_owned(),
        "may_manage" => profile.may_manage = value == "true",
        "idle_ms" => profile.idle_ms = value.parse().unwrap(),
        "user_id" => profile.user_id = Some(value.parse().unwrap()),
        _ => {
            let secret = name.strip_prefix("secret ").unwrap_or_else(|| panic!("'{name}' is no setting of a story"));
            profile.secrets.insert(secret.to_owned(), value.to_owned());
        }
    }
}

/// The next word of a line, and the rest.
pub fn word<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
    *rest = after;
    (!word.is_empty()).then_some(word)
}

pub fn number<T: std::str::FromStr>(rest: &mut &str) -> Option<T> {
    word(rest)?.parse().ok()
}

/// Headers as `[Name: value] [Name: value]`.
pub fn headers(rest: &mut &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    while let Some((header, after)) = rest.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        let (name, value) = header.split_once(": ").unwrap();
        found.push((name.to_owned(), value.to_owned()));
        *rest = after.trim_start();
    }
    found
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    text.split(',').filter(|byte| !byte.is_empty()).map(|byte| byte.parse().ok()).collect()
}

/// `text × 500` is the text five hundred times.
fn repeated(text: &str) -> String {
    match text.rsplit_once(" × ") {
        Some((part, times)) => part.repeat(times.parse().unwrap()),
        None => text.to_owned(),
    }
}

fn step(line: &str) -> Option<(u64, Step)> {
    let mut rest = line.strip_prefix("at ")?;
    let at = number(&mut rest)?;
    let rest = &mut rest;
    let input = match word(rest)? {
        "run" => return Some((at, Step::Run)),
        "late" => return Some((at, Step::Late)),
        "start" => Input::Start,
        "tick" => Input::Tick,
        "note" => Input::Note { text: (*rest).to_owned() },
        "stop" => Input::Stop { finish_reason: (*rest).to_owned() },
        "request" => {
            Input::Request { request: number(rest)?, method: word(rest)?.to_owned(), path: word(rest)?.to_owned(), headers: headers(rest), content: repeated(rest) }
        }
        "arrive" => Input::SocketArrived { arrival: number(rest)?, method: word(rest)?.to_owned(), path: word(rest)?.to_owned(), headers: headers(rest) },
        "opened" => Input::SocketOpened { socket: number(rest)? },
        "message" => Input::SocketMessage { socket: number(rest)?, message: Message::Text(repeated(rest)) },
        "bytes" => Input::SocketMessage { socket: number(rest)?, message: Message::Bytes(bytes(rest)?) },
        "closed" => Input::SocketClosed { socket: number(rest)?, code: number(rest)?, was_clean: word(rest)? == "clean", reason: (*rest).to_owned() },
        "failed" => Input::SocketFailed { socket: number(rest)?, reason: (*rest).to_owned() },
        "http" => Input::HttpAnswered { request: number(rest)?, answer: http(rest)? },
        "mail" => {
            let (mail, code) = (number(rest)?, number(rest)?);
            Input::MailSent { mail, code, error: (!rest.is_empty()).then(|| (*rest).to_owned()) }
        }
        "stored" => {
            let request = number(rest)?;
            Input::Stored { request, result: if word(rest)? == "ok" { Ok(serde_json::from_str(rest).ok()?) } else { Err((*rest).to_owned()) } }
        }
        "alerting" => Input::Alerting { call: number(rest)?, alerting: Box::new(happenings::alerting(rest)?) },
        "call" => Input::Call { call: number(rest)?, event: happenings::of_call(rest)? },
        "player" => Input::Player { player: number(rest)?, event: happenings::of_player(rest)? },
        "managed" => Input::Managed { request: number(rest)?, answer: serde_json::from_str(rest).ok()? },
        _ => return None,
    };
    Some((at, Step::Input(input)))
}

fn http(rest: &mut &str) -> Option<HttpAnswer> {
    let status = word(rest)?;
    if status == "failed" {
        return Some(HttpAnswer::Failed { code: number(rest)?, error: (*rest).to_owned() });
    }
    let headers = headers(rest);
    let raw_headers = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let body = match rest.strip_prefix("bytes ") {
        Some(list) => bytes(list)?,
        None => repeated(rest).into_bytes(),
    };
    Some(HttpAnswer::Answered { status: status.parse().ok()?, headers, raw_headers, body })
}
