//! Both peers of many calls: packets every 20 ms from each leg, spread over the time, and what comes through of them.

use std::{
    collections::HashMap,
    net::{SocketAddr, UdpSocket},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use cordboard_sip::{CallId, Command, Event, Reply};
use nix::sys::socket::{SockaddrIn, setsockopt, sockopt};
use serde_json::{Value, json};

use super::batch::{Batch, MANY, PACKET_BYTES, Packet, address};
use crate::{
    party::{Happened, Party, description, media_port},
    phones::invite,
    usage,
};

/// Calls in a second while they are set up.
const SETTING_UP: f64 = 150.0;

/// Time between two packets of a leg.
const FRAME: Duration = Duration::from_millis(20);

/// Before and after what is measured.
const SETTLING: Duration = Duration::from_millis(500);

/// Room for what comes while the generator does not run, bytes.
const ROOM_BYTES: usize = 16 << 20;

/// Between two looks at the sockets.
const PAUSE: Duration = Duration::from_micros(150);

struct Leg {
    /// Which peer it is of.
    side: usize,
    to: Option<SockaddrIn>,
    packet: Packet,
}

impl Leg {
    fn new(side: usize, port: u16, number: u32) -> Self {
        let mut packet = [0xff; PACKET_BYTES];
        packet[..12].copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        packet[8..12].copy_from_slice(&number.to_be_bytes());
        Self { side, to: address(port), packet }
    }
}

#[derive(Default)]
struct Tally {
    sent: usize,
    received: usize,
    /// Microseconds.
    delays: Vec<u32>,
}

struct Peers {
    sockets: [UdpSocket; 2],
    batch: Batch,
    began: Instant,
}

impl Peers {
    fn new(a: u16, b: u16) -> Result<Self> {
        let open = |port: u16| -> Result<UdpSocket> {
            let socket = UdpSocket::bind(("127.0.0.1", port))?;
            socket.set_nonblocking(true)?;
            let _ = setsockopt(&socket, sockopt::RcvBufForce, &ROOM_BYTES);
            Ok(socket)
        };
        Ok(Self { sockets: [open(a)?, open(b)?], batch: Batch::new(), began: Instant::now() })
    }

    fn talk(&mut self, legs: &mut [Leg], length: Duration) -> Tally {
        let mut tally = Tally::default();
        let started = Instant::now();
        let each = FRAME.as_secs_f64() / legs.len() as f64;
        let (mut next, mut round, last) = (0, 0_u16, legs.len() - 1);
        let mut waiting: [(Vec<Packet>, Vec<Option<SockaddrIn>>); 2] = Default::default();
        loop {
            let elapsed = started.elapsed();
            let due = if elapsed < length { (elapsed.as_secs_f64() / each) as usize } else { tally.sent };
            while tally.sent < due {
                let Some(leg) = legs.get_mut(next) else { break };
                leg.packet[2..4].copy_from_slice(&round.to_be_bytes());
                leg.packet[4..8].copy_from_slice(&(u32::from(round) * 160).to_be_bytes());
                leg.packet[12..20].copy_from_slice(&u64::try_from(self.began.elapsed().as_nanos()).unwrap_or_default().to_be_bytes());
                let (packets, addresses) = &mut waiting[leg.side];
                packets.push(leg.packet);
                addresses.push(leg.to);
                tally.sent += 1;
                (next, round) = if next == last { (0, round.wrapping_add(1)) } else { (next + 1, round) };
                if packets.len() == MANY {
                    let side = leg.side;
                    self.flush(&mut waiting, side);
                    self.hear(&mut tally);
                }
            }
            self.flush(&mut waiting, 0);
            self.flush(&mut waiting, 1);
            self.hear(&mut tally);
            if elapsed > length + SETTLING {
                return tally;
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn flush(&mut self, waiting: &mut [(Vec<Packet>, Vec<Option<SockaddrIn>>); 2], side: usize) {
        let (packets, addresses) = &mut waiting[side];
        if !packets.is_empty() {
            self.batch.send(&self.sockets[side], packets, addresses);
            packets.clear();
            addresses.clear();
        }
    }

    fn hear(&mut self, tally: &mut Tally) {
        let began = self.began;
        for socket in &self.sockets {
            loop {
                let now = u64::try_from(began.elapsed().as_nanos()).unwrap_or_default();
                let count = self.batch.receive(socket, |bytes| {
                    if let (PACKET_BYTES, Some(Ok(stamp))) = (bytes.len(), bytes.get(12..20).map(<[u8; 8]>::try_from)) {
                        tally.received += 1;
                        tally.delays.push(u32::try_from(now.saturating_sub(u64::from_be_bytes(stamp)) / 1_000).unwrap_or(u32::MAX));
                    }
                });
                if count < MANY {
                    break;
                }
            }
        }
    }
}

/// The peers' own process.
pub fn generate(plan: &str) -> Result<()> {
    let plan: Value = serde_json::from_str(plan)?;
    let number = |name: &str| plan.get(name).and_then(Value::as_f64).context("plan");
    let (pid, calls, seconds) = (number("pid")? as u32, number("calls")? as usize, number("seconds")?);
    let (a, b) = (number("a")? as u16, number("b")? as u16);
    let mut peers = Peers::new(a, b)?;
    // Where reports go, which nobody reads.
    let _reports = [UdpSocket::bind(("127.0.0.1", a + 1))?, UdpSocket::bind(("127.0.0.1", b + 1))?];
    let before = usage::resident_bytes(pid)?;
    let mut phones = match (plan.get("trunk").and_then(Value::as_f64), plan.get("to").and_then(Value::as_str)) {
        (Some(trunk), Some(to)) => Some(Phones::call(trunk as u16, to.parse()?, calls, (a, b))?),
        _ => None,
    };
    let mut legs: Vec<Leg> = match &phones {
        Some(phones) => phones.ports.iter().enumerate().map(|(at, (side, port))| Leg::new(*side, *port, at as u32)).collect(),
        None => {
            let ports: Vec<u16> = serde_json::from_value(plan.get("ports").context("plan")?.clone())?;
            ports.into_iter().enumerate().map(|(at, port)| Leg::new(at % 2, port, at as u32)).collect()
        }
    };
    ensure!(legs.len() == calls * 2, "{} legs of {calls} calls", legs.len());
    // Latches, and the caches of routes.
    peers.talk(&mut legs, SETTLING);
    let used = usage::cpu_seconds(pid)?;
    let mut tally = peers.talk(&mut legs, Duration::from_secs_f64(seconds));
    let used = usage::cpu_seconds(pid)? - used;
    let call_bytes = (usage::resident_bytes(pid)? - before) / calls as f64;
    if let Some(phones) = &mut phones {
        phones.end()?;
    }
    tally.delays.sort_unstable();
    let at = |share: f64| f64::from(tally.delays.get((tally.delays.len() as f64 * share) as usize).copied().unwrap_or_default()) / 1_000.0;
    println!(
        "{}",
        json!({"packet_us": used * 1e6 / tally.received as f64, "sent": tally.sent, "lost": tally.sent - tally.received.min(tally.sent), "delay_p50_ms": at(0.5), "delay_p99_ms": at(0.99), "call_bytes": call_bytes})
    );
    Ok(())
}

/// The calls whose packets these are.
struct Phones {
    party: Party,
    callers: Vec<CallId>,
    /// Peer and the server's port of each leg.
    ports: Vec<(usize, u16)>,
}

impl Phones {
    /// Sets the calls up: the server takes each, places another to this same trunk, and relays between both.
    fn call(trunk: u16, to: SocketAddr, calls: usize, (a, b): (u16, u16)) -> Result<Self> {
        let mut party = Party::bind(trunk)?;
        let (mut happened, mut more): (Vec<Happened>, Vec<Happened>) = Default::default();
        let (mut callers, mut answered, mut ports) = (Vec::new(), HashMap::new(), Vec::new());
        let began = Instant::now();
        let patience = Duration::from_secs_f64(calls as f64 / SETTING_UP + 15.0);
        while answered.len() < calls || ports.len() < calls * 2 {
            ensure!(began.elapsed() < patience, "{} calls of {calls} were answered, {} legs", answered.len(), ports.len());
            while callers.len() < calls && began.elapsed().as_secs_f64() * SETTING_UP >= callers.len() as f64 {
                let (call, command) = invite(&mut party, to, a)?;
                callers.push(call);
                party.command(command, &mut happened);
            }
            party.wait(Duration::from_millis(1), &mut happened)?;
            while !happened.is_empty() {
                for (_, event) in happened.drain(..) {
                    match event {
                        Event::Answered { call, response } => {
                            answered.insert(call, ());
                            ports.push((0, media_port(&response.body).context("a description")?));
                        }
                        Event::Incoming { call, request, .. } => {
                            ports.push((1, media_port(&request.body).context("a description")?));
                            let reply = Reply { status: 200, body: Some(("application/sdp".to_owned(), description(b).into_bytes())), ..Reply::default() };
                            party.command(Command::Answer { call, reply }, &mut more);
                        }
                        Event::Failed { status, reason, .. } => anyhow::bail!("a call failed: {status} {reason}"),
                        _ => {}
                    }
                }
                std::mem::swap(&mut happened, &mut more);
            }
        }
        Ok(Self { party, callers, ports })
    }

    /// Hangs up, and waits until the other legs are ended, too.
    fn end(&mut self) -> Result<()> {
        let (mut happened, mut ended) = (Vec::new(), 0);
        let callers = std::mem::take(&mut self.callers);
        let calls = callers.len() * 2;
        for call in callers {
            self.party.command(Command::Hangup { call, headers: Vec::new() }, &mut happened);
            self.party.wait(Duration::from_millis(1), &mut happened)?;
        }
        let began = Instant::now();
        while ended < calls && began.elapsed() < Duration::from_secs(10) {
            ended += happened.drain(..).filter(|(_, event)| matches!(event, Event::Ended { .. })).count();
            self.party.wait(Duration::from_millis(10), &mut happened)?;
        }
        Ok(())
    }
}
