//! Calls of two legs whose G.711 the server relays: processor time per packet against a bare relay, loss, delay and memory.

mod batch;
mod floor;
mod peers;

use std::{net::SocketAddr, process::Command, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

pub use self::{floor::serve as bare, peers::generate};
use crate::{calls::Exchange, median, server::Running, usage};

/// Packets of a call in a second: two legs, one each 20 ms (RFC 3551 §4.2).
const PACKETS_PER_CALL: f64 = 100.0;

/// Calls at once where processor time is measured, and at half of the load that must be carried, where delay is.
const FULL: usize = 1_000;
const HALF: usize = 750;

/// Sessions and calls whose memory is compared.
const WEIGHED: usize = 1_000;

const RUNS: usize = 3;

/// Each caller goes to a number of the trunk, and both hear each other.
const FORWARDING: &str = "VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => {\
    const out = VoxEngine.callPSTN('+15559999', e.callerid);\
    VoxEngine.easyProcess(e.call, out); });\
    VoxEngine.addEventListener(AppEvents.HttpRequest, () => 'ok');";

/// A run: who relays, how many calls and for how long.
pub struct Plan<'a> {
    /// The relaying process.
    pub pid: u32,
    /// The trunk's port and the server's address; without them, `ports` are the floor's.
    pub sip: Option<(u16, SocketAddr)>,
    /// Where the peers' sockets are.
    pub media: (u16, u16),
    pub ports: &'a [u16],
    pub calls: usize,
    pub seconds: f64,
}

#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Processor time of the relaying process per packet, microseconds.
    pub packet_us: f64,
    pub sent: f64,
    pub lost: f64,
    pub delay_p50_ms: f64,
    pub delay_p99_ms: f64,
    /// What the relaying process grew by for each call, bytes.
    pub call_bytes: f64,
}

fn measure(plan: &Plan) -> Result<Measured> {
    let text = json!({
        "pid": plan.pid, "trunk": plan.sip.map(|(trunk, _)| trunk), "to": plan.sip.map(|(_, to)| to.to_string()),
        "a": plan.media.0, "b": plan.media.1, "ports": plan.ports, "calls": plan.calls, "seconds": plan.seconds,
    })
    .to_string();
    let output = Command::new("taskset").args(["-c", "1"]).arg(std::env::current_exe()?).args(["peers", &text]).output()?;
    ensure!(output.status.success(), "the peers failed: {}", String::from_utf8_lossy(&output.stderr));
    let measured: Value = serde_json::from_slice(&output.stdout)?;
    let number = |name: &str| measured.get(name).and_then(Value::as_f64).context("the peers' answer");
    Ok(Measured {
        packet_us: number("packet_us")?,
        sent: number("sent")?,
        lost: number("lost")?,
        delay_p50_ms: number("delay_p50_ms")?,
        delay_p99_ms: number("delay_p99_ms")?,
        call_bytes: number("call_bytes")?,
    })
}

/// Two even ports whose odd neighbours are free, too.
fn media_ports() -> Result<(u16, u16)> {
    let mut found = (40_000..60_000).step_by(2).filter(|port| {
        let free = |port: u16| std::net::UdpSocket::bind(("127.0.0.1", port)).is_ok();
        free(*port) && free(*port + 1)
    });
    Ok((found.next().context("ports")?, found.next().context("ports")?))
}

pub fn run(seconds: f64) -> Result<()> {
    let media = media_ports()?;
    // The floor takes many ports, among them perhaps the one that the trunk finds free.
    let (floor, ports): (Running, Vec<u16>) = floor::start(FULL, media)?;
    let exchange = Exchange::start("bench", FORWARDING)?;
    let ours = |calls| Plan { pid: exchange.pid(), sip: Some((exchange.trunk, exchange.sip)), media, ports: &[], calls, seconds };
    let bare = |calls: usize| Plan { pid: floor.0.id(), sip: None, media, ports: ports.get(..calls * 2).unwrap_or_default(), calls, seconds };
    let (mut floors, mut relays, mut delays, mut lost, mut sent) = (Vec::new(), Vec::new(), Vec::new(), 0.0, 0.0);
    for run in 1..=RUNS {
        let floor = measure(&bare(FULL))?;
        let relay = measure(&ours(FULL))?;
        let half_floor = measure(&bare(HALF))?;
        let half = measure(&ours(HALF))?;
        println!(
            "run {run}: {FULL} calls: bare relay {:.2} µs of CPU per packet (lost {:.0} of {:.0}), Cordboard {:.2} µs (lost {:.0} of {:.0}); \
             {HALF} calls: delay of the bare relay p50 {:.2} ms, p99 {:.2} ms ({:.2} µs), Cordboard's p50 {:.2} ms, p99 {:.2} ms ({:.2} µs, lost {:.0})",
            floor.packet_us,
            floor.lost,
            floor.sent,
            relay.packet_us,
            relay.lost,
            relay.sent,
            half_floor.delay_p50_ms,
            half_floor.delay_p99_ms,
            half_floor.packet_us,
            half.delay_p50_ms,
            half.delay_p99_ms,
            half.packet_us,
            half.lost
        );
        floors.push(floor.packet_us);
        relays.push(relay.packet_us);
        delays.push(half.delay_p99_ms);
        lost += relay.lost + half.lost;
        sent += relay.sent + half.sent;
    }
    let (floor, relay) = (median(floors), median(relays));
    println!("CPU per relayed packet {relay:.2} µs, a bare relay's {floor:.2} µs: {:.2} × (at most 1.67 ×)", relay / floor);
    println!("{:.0} calls per CPU-second (at least 1500), {:.3} % lost (less than 0.1 %)", 1e6 / (relay * PACKETS_PER_CALL), 100.0 * lost / sent);
    println!("relay delay at half load p99 {:.2} ms (less than 2 ms)", median(delays));
    Ok(())
}

/// What a call of two legs weighs beyond its session, which has the code of calls loaded in both cases.
pub fn memory() -> Result<()> {
    let media = media_ports()?;
    // Functions load their code when they are called, whatever with.
    let loading = "for (const name of ['callPSTN', 'easyProcess', 'sendMediaBetween']) try { VoxEngine[name](); } catch {}";
    let idle = Exchange::start("bench", &format!("{FORWARDING} {loading}"))?;
    let rule = idle.server.call("GetRules", "application_name=bench")?;
    let rule = rule.pointer("/result/0/rule_id").and_then(Value::as_i64).with_context(|| rule.to_string())?;
    let start = || -> Result<()> {
        let started = idle.server.call("StartScenarios", &format!("rule_id={rule}"))?;
        ensure!(started.get("media_session_access_url").is_some(), "{started}");
        Ok(())
    };
    start()?;
    let before = usage::resident_bytes(idle.pid())?;
    for _ in 0..WEIGHED {
        start()?;
    }
    std::thread::sleep(Duration::from_secs(1));
    let session = (usage::resident_bytes(idle.pid())? - before) / WEIGHED as f64;
    drop(idle);
    let exchange = Exchange::start("bench", FORWARDING)?;
    let call = measure(&Plan { pid: exchange.pid(), sip: Some((exchange.trunk, exchange.sip)), media, ports: &[], calls: WEIGHED, seconds: 5.0 })?.call_bytes;
    println!("a session weighs {:.0} kB, with a call of two legs {:.0} kB: {:.0} kB more (at most 100 kB)", session / 1e3, call / 1e3, (call - session) / 1e3);
    Ok(())
}
