//! Calls that a scenario answers and hangs up: their rate, their processor time against a bare responder on the same `sip` crate, how
//! soon the scenario's doing is on the wire, and what many of them leave behind.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, ensure};

use crate::{
    median,
    phones::{self, Measured, Plan},
    server::{Folder, Running, Server},
    usage,
};

/// Calls per second that must be served.
pub const RATE: f64 = 800.0;

const RUNS: usize = 3;
const SECONDS: f64 = 6.0;

/// How long a server may take after a run for what nobody waits for: ends of sessions, memory that is freed.
const SETTLING: Duration = Duration::from_millis(500);

/// Answers, and hangs up when the call is connected.
const ANSWERING: &str = "VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {\
    e.call.addEventListener(CallEvents.Connected, () => e.call.hangup());\
    e.call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);\
    e.call.answer(); });";

/// A server whose trunk is the bench: calls from it to +15550100 run a script.
pub struct Exchange {
    pub server: Server,
    /// Where the trunk is.
    pub trunk: u16,
    pub sip: SocketAddr,
    _folder: Folder,
}

impl Exchange {
    pub fn start(name: &str, script: &str) -> Result<Self> {
        let folder = Folder::new(name)?;
        let trunk = std::net::UdpSocket::bind("127.0.0.1:0")?.local_addr()?.port();
        let host = format!("127.0.0.1:{trunk}");
        let number = format!("+15550100={name}");
        let environment = [
            ("CORDBOARD_TRUNK_HOST", host.as_str()),
            ("CORDBOARD_TRUNK_NUMBERS", number.as_str()),
            ("CORDBOARD_TRUNK_ALLOWED", "*"),
            ("CORDBOARD_LIMITS_SESSIONS", "20000"),
        ];
        let server = Server::start_with(&folder, &environment)?;
        server.rule(name, script)?;
        let runtime: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(folder.0.join("data/runtime.json"))?)?;
        let sip = runtime.get("sip").and_then(serde_json::Value::as_str).context("sip")?.parse()?;
        Ok(Self { server, trunk, sip, _folder: folder })
    }

    pub fn pid(&self) -> u32 {
        self.server.process.0.id()
    }
}

/// A run, and the processor time per call of the process that served it, milliseconds.
fn measure(pid: u32, plan: &Plan) -> Result<(Measured, f64)> {
    let before = usage::cpu_seconds(pid)?;
    let run = phones::run(plan)?;
    std::thread::sleep(SETTLING);
    let used = usage::cpu_seconds(pid)? - before;
    Ok((run, used * 1_000.0 / plan.calls as f64))
}

fn start_responder() -> Result<(Running, SocketAddr)> {
    let mut child = Command::new("taskset").args(["-c", "0"]).arg(std::env::current_exe()?).arg("responder").stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("stdout")?).read_line(&mut line)?;
    Ok((Running(child), SocketAddr::from(([127, 0, 0, 1], line.trim().parse()?))))
}

/// Calls at a rate.
pub fn run(rate: f64) -> Result<()> {
    let exchange = Exchange::start("bench", ANSWERING)?;
    let (responder, floor) = start_responder()?;
    let calls = (rate * SECONDS) as usize;
    let ours = Plan { from: exchange.trunk, to: exchange.sip, per_second: rate, calls };
    let floors = Plan { from: 0, to: floor, ..ours };
    phones::run(&Plan { calls: calls / 4, ..ours })?;
    let (mut bare, mut full, mut failed) = (Vec::new(), Vec::new(), 0);
    for run in 1..=RUNS {
        let (floor_run, floor_ms) = measure(responder.0.id(), &floors)?;
        let (our_run, our_ms) = measure(exchange.pid(), &ours)?;
        ensure!(floor_run.good == calls, "the responder failed: {floor_run:?}");
        println!(
            "run {run}: bare responder {floor_ms:.3} ms of CPU per call; Cordboard {our_ms:.3} ms, {} of {calls} good in {:.1} s, answered after {:.1} ms (p99 {:.1}), hung up after {:.1} ms (p99 {:.1}) {}",
            our_run.good, our_run.seconds, our_run.answer_p50, our_run.answer_p99, our_run.hangup_p50, our_run.hangup_p99, our_run.failures
        );
        failed += calls - our_run.good;
        bare.push(floor_ms);
        full.push(our_ms);
    }
    let (bare, full) = (median(bare), median(full));
    println!(
        "{rate:.0} calls per second on one processor: {failed} failures (none); {:.3} ms of CPU per call above the bare responder's {bare:.3} ms (at most 1 ms)",
        full - bare
    );
    println!("capacity of one processor by its CPU time: {:.0} calls per second (at least {RATE:.0})", 1_000.0 / full);
    // RFC 7502 §4.8: the highest rate without a failure.
    let mut best = 0.0;
    let mut per_second = rate;
    loop {
        let run = phones::run(&Plan { per_second, calls: (per_second * SECONDS) as usize, ..ours })?;
        if run.good < (per_second * SECONDS) as usize || run.answer_p99 > 1_000.0 {
            println!("{per_second:.0} calls per second are too many: answered after {:.0} ms (p99 {:.0}), {}", run.answer_p50, run.answer_p99, run.failures);
            break;
        }
        best = per_second;
        per_second *= 1.1;
    }
    println!("highest rate without a failure and with answers within a second: {best:.0} calls per second");
    Ok(())
}

/// How soon what a scenario does is on the wire, at half of the rate that must be served.
pub fn latency() -> Result<()> {
    let exchange = Exchange::start("bench", ANSWERING)?;
    let per_second = RATE / 2.0;
    let plan = Plan { from: exchange.trunk, to: exchange.sip, per_second, calls: (per_second * SECONDS) as usize };
    phones::run(&Plan { calls: plan.calls / 4, ..plan })?;
    let mut runs = Vec::new();
    for run in 1..=RUNS {
        let measured = phones::run(&plan)?;
        println!(
            "run {run}: from ACK to BYE {:.2} ms, p99 {:.2} ms; from INVITE to 200 {:.2} ms, p99 {:.2} ms; {} of {} good {}",
            measured.hangup_p50, measured.hangup_p99, measured.answer_p50, measured.answer_p99, measured.good, plan.calls, measured.failures
        );
        runs.push(measured);
    }
    let of = |what: fn(&Measured) -> f64| median(runs.iter().map(what).collect());
    println!(
        "at {per_second:.0} calls per second from a scenario's event to its SIP message: p50 {:.2} ms, p99 {:.2} ms (at most 5 ms); from INVITE to 200, a durable row between: p50 {:.2} ms, p99 {:.2} ms",
        of(|run| run.hangup_p50),
        of(|run| run.hangup_p99),
        of(|run| run.answer_p50),
        of(|run| run.answer_p99)
    );
    Ok(())
}

/// What so many calls in a row leave behind.
pub fn soak(calls: usize) -> Result<()> {
    let exchange = Exchange::start("bench", ANSWERING)?;
    let plan = Plan { from: exchange.trunk, to: exchange.sip, per_second: RATE / 2.0, calls };
    // What grows once (pools, caches, a full table of what waits 32 s for retransmissions) is there after the first calls.
    let warm = Plan { calls: calls.min(14_000), ..plan };
    let run = phones::run(&warm)?;
    ensure!(run.good == warm.calls, "calls failed: {run:?}");
    let before = exchange.rest()?;
    let run = phones::run(&plan)?;
    ensure!(run.good == calls, "calls failed: {run:?}");
    let after = exchange.rest()?;
    println!("before: {before:?}; after {calls} calls: {after:?}");
    println!(
        "{calls} calls leave {:.1} MiB, {} descriptors, {} threads more (none)",
        after.megabytes - before.megabytes,
        after.descriptors as i64 - before.descriptors as i64,
        after.threads as i64 - before.threads as i64
    );
    let grown = after.megabytes - before.megabytes;
    ensure!(after.descriptors <= before.descriptors && after.threads <= before.threads && grown <= GROWTH_MB, "something stays behind");
    Ok(())
}

/// What the allocator and the database's cache may keep more of, MiB: less than 250 bytes for each of 20,000 calls.
const GROWTH_MB: f64 = 4.5;

/// Transactions wait for retransmissions for 64 × T1 (RFC 3261 §17), ports rest for 10 s.
const RESTING: Duration = Duration::from_secs(36);

#[derive(Debug)]
#[allow(dead_code)] // Shown.
struct Rest {
    megabytes: f64,
    descriptors: usize,
    sockets: usize,
    threads: usize,
}

impl Exchange {
    fn rest(&self) -> Result<Rest> {
        std::thread::sleep(RESTING);
        let (descriptors, sockets) = usage::descriptors(self.pid())?;
        Ok(Rest { megabytes: usage::resident_bytes(self.pid())? / 1_048_576.0, descriptors, sockets, threads: usage::threads(self.pid())? })
    }
}
