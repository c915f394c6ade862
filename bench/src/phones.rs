//! Callers: calls at a steady rate, whether earlier ones are over or not, each of which the other side answers and ends.

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use cordboard_sip::{CallId, Command, Event, Invite, Reply, Target, Transport, Uri, Why};
use serde_json::{Value, json};

use crate::party::{Happened, Party, description};

/// How long after the last call its end is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A run: so many calls in a second, to this address and number, for so long.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Where the calls come from.
    pub from: u16,
    pub to: SocketAddr,
    pub per_second: f64,
    pub calls: usize,
}

/// What a run measured. Times in milliseconds.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Calls that were answered and ended by the other side.
    pub good: usize,
    /// From the first call to the end of the last.
    pub seconds: f64,
    pub answer_p50: f64,
    pub answer_p99: f64,
    /// From our ACK, which is the scenario's event, to its BYE.
    pub hangup_p50: f64,
    pub hangup_p99: f64,
    pub failures: String,
}

/// Runs a plan in a process of its own, pinned to the generator's processor.
pub fn run(plan: &Plan) -> Result<Measured> {
    let text = json!({"from": plan.from, "to": plan.to.to_string(), "per_second": plan.per_second, "calls": plan.calls}).to_string();
    let output = std::process::Command::new("taskset").args(["-c", "1"]).arg(std::env::current_exe()?).args(["phones", &text]).output()?;
    ensure!(output.status.success(), "the phones failed: {}", String::from_utf8_lossy(&output.stderr));
    let measured: Value = serde_json::from_slice(&output.stdout)?;
    let number = |name: &str| measured.get(name).and_then(Value::as_f64).context("the phones' answer");
    Ok(Measured {
        good: number("good")? as usize,
        seconds: number("seconds")?,
        answer_p50: number("answer_p50")?,
        answer_p99: number("answer_p99")?,
        hangup_p50: number("hangup_p50")?,
        hangup_p99: number("hangup_p99")?,
        failures: measured.get("failures").map(Value::to_string).unwrap_or_default(),
    })
}

struct Ringing {
    placed: Instant,
    acknowledged: Option<Instant>,
}

/// An INVITE to the number of the trunk that the bench configures.
pub fn invite(party: &mut Party, to: SocketAddr, media: u16) -> Result<(CallId, Command)> {
    let call = party.agent.call();
    let invite = Invite {
        request_uri: Uri::parse(&format!("sip:+15550100@{to}")).ok().context("a URI")?,
        from: format!("<sip:+15550199@{}>", party.local),
        to: format!("<sip:+15550100@{to}>"),
        contact_user: "caller".to_owned(),
        route: Vec::new(),
        headers: Vec::new(),
        body: Some(("application/sdp".to_owned(), description(media).into_bytes())),
        credentials: None,
    };
    let target = Target::Address { transport: Transport::Udp, remote: to, host: String::new() };
    Ok((call, Command::Invite { call, target, invite: Box::new(invite) }))
}

/// The callers' own process.
pub fn generate(plan: &str) -> Result<()> {
    let plan: Value = serde_json::from_str(plan)?;
    let number = |name: &str| plan.get(name).and_then(Value::as_f64).context("plan");
    let (per_second, calls) = (number("per_second")?, number("calls")? as usize);
    let to: SocketAddr = plan.get("to").and_then(Value::as_str).context("plan")?.parse()?;
    let mut party = Party::bind(number("from")? as u16)?;
    let mut happened: Vec<Happened> = Vec::new();
    let mut live: HashMap<CallId, Ringing> = HashMap::new();
    let (mut answers, mut hangups, mut failures) = (Vec::new(), Vec::new(), BTreeMap::<String, usize>::new());
    let (mut placed, mut good) = (0_usize, 0_usize);
    let began = Instant::now();
    let mut last = began;
    while placed < calls || (!live.is_empty() && last.elapsed() < PATIENCE) {
        while placed < calls && began.elapsed().as_secs_f64() * per_second >= placed as f64 {
            let (call, command) = invite(&mut party, to, 40_000)?;
            live.insert(call, Ringing { placed: Instant::now(), acknowledged: None });
            party.command(command, &mut happened);
            placed += 1;
            last = Instant::now();
        }
        party.wait(Duration::from_millis(1), &mut happened)?;
        for (at, event) in happened.drain(..) {
            match event {
                Event::Answered { call, .. } => {
                    if let Some(ringing) = live.get_mut(&call) {
                        answers.push(at.duration_since(ringing.placed).as_secs_f64() * 1_000.0);
                        ringing.acknowledged = Some(Instant::now());
                    }
                }
                Event::Failed { call, status, .. } => {
                    live.remove(&call);
                    *failures.entry(status.to_string()).or_default() += 1;
                }
                Event::Ended { call, why, .. } => {
                    let Some(ringing) = live.remove(&call) else { continue };
                    last = Instant::now();
                    match (why, ringing.acknowledged) {
                        (Why::Bye, Some(since)) => {
                            good += 1;
                            hangups.push(at.saturating_duration_since(since).as_secs_f64() * 1_000.0);
                        }
                        (why, _) => *failures.entry(format!("{why:?}")).or_default() += 1,
                    }
                }
                _ => {}
            }
        }
    }
    let seconds = last.duration_since(began).as_secs_f64();
    if !live.is_empty() {
        failures.insert("unfinished".to_owned(), live.len());
    }
    let at = |times: &mut Vec<f64>, share: f64| {
        times.sort_by(f64::total_cmp);
        times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default()
    };
    println!(
        "{}",
        json!({"good": good, "seconds": seconds, "answer_p50": at(&mut answers, 0.5), "answer_p99": at(&mut answers, 0.99),
            "hangup_p50": at(&mut hangups, 0.5), "hangup_p99": at(&mut hangups, 0.99), "failures": failures})
    );
    Ok(())
}

/// The floor of calls: a bare responder, which answers, and hangs up when it hears the ACK. Prints its port.
pub fn respond() -> Result<()> {
    let mut party = Party::bind(0)?;
    println!("{}", party.local.port());
    let (mut happened, mut more) = (Vec::new(), Vec::new());
    let body = description(40_002).into_bytes();
    loop {
        party.wait(Duration::from_secs(1), &mut happened)?;
        while !happened.is_empty() {
            for (_, event) in happened.drain(..) {
                match event {
                    Event::Incoming { call, .. } => {
                        let reply = Reply { status: 200, body: Some(("application/sdp".to_owned(), body.clone())), ..Reply::default() };
                        party.command(Command::Answer { call, reply }, &mut more);
                    }
                    Event::Acknowledged { call, .. } => party.command(Command::Hangup { call, headers: Vec::new() }, &mut more),
                    _ => {}
                }
            }
            std::mem::swap(&mut happened, &mut more);
        }
    }
}
