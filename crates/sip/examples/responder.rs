//! What a bare responder costs: INVITE, 100, 200, ACK, BYE, 200 in one agent, without sockets.
//!
//! `cargo run --release -p cordboard-sip --example responder [calls] [calls per simulated second] [calls held at once]`

use cordboard_now::{Instant, Now};
use cordboard_sip::{Agent, Command, Config, Event, Flow, Input, Limits, Listener, Output, Reply, Transport};

const SDP: &str = "v=0\r\no=- 1 1 IN IP4 192.0.2.99\r\ns=-\r\nc=IN IP4 192.0.2.99\r\nt=0 0\r\nm=audio 40000 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\n\
                   a=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n";

fn request(method: &str, call: u64, cseq: u32, to: &str, body: &str) -> Vec<u8> {
    let more = if body.is_empty() { "" } else { "Content-Type: application/sdp\r\n" };
    format!(
        "{method} sip:service@192.0.2.1:5060 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.99:5060;branch=z9hG4bK-{call}-{cseq}-{method};rport\r\nMax-Forwards: 70\r\n\
         From: \"Caller\" <sip:caller@192.0.2.99:5060>;tag=t{call}\r\nTo: <sip:service@192.0.2.1:5060>{to}\r\nCall-ID: {call}-1234@192.0.2.99\r\nCSeq: {cseq} {method}\r\n\
         Contact: <sip:caller@192.0.2.99:5060>\r\nUser-Agent: generator\r\nAllow: INVITE, ACK, CANCEL, BYE\r\n{more}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

struct Responder {
    agent: Agent,
    flow: Flow,
    now: Now,
}

impl Responder {
    fn input(&mut self, input: Input) -> (Vec<Vec<u8>>, Vec<Event>) {
        self.agent.handle(self.now, input);
        let (mut sent, mut events) = (Vec::new(), Vec::new());
        while let Some(output) = self.agent.poll() {
            match output {
                Output::Send { bytes, .. } => sent.push(bytes),
                Output::Event(event) => events.push(event),
                _ => {}
            }
        }
        (sent, events)
    }

    fn packet(&mut self, bytes: Vec<u8>) -> (Vec<Vec<u8>>, Vec<Event>) {
        let flow = self.flow;
        self.input(Input::Packet { flow, bytes })
    }

    fn begin(&mut self, call: u64) -> Option<String> {
        let (_, events) = self.packet(request("INVITE", call, 1, "", SDP));
        let Some(Event::Incoming { call: id, .. }) = events.into_iter().next() else { return None };
        let reply = Reply { status: 200, body: Some(("application/sdp".to_owned(), SDP.as_bytes().to_vec())), ..Reply::default() };
        let (sent, _) = self.input(Input::Do(Command::Answer { call: id, reply }));
        let text = String::from_utf8_lossy(sent.first()?);
        let line = text.lines().find(|line| line.starts_with("To:"))?;
        let to = line.split_once(">")?.1.to_owned();
        drop(self.packet(request("ACK", call, 1, &to, "")));
        Some(to)
    }

    fn end(&mut self, call: u64, to: &str) -> bool {
        let (sent, _) = self.packet(request("BYE", call, 2, to, ""));
        sent.first().is_some_and(|bytes| bytes.starts_with(b"SIP/2.0 200"))
    }
}

/// Bytes of this process that are in memory, from `/proc/self/statm` in pages of 4 KiB.
fn resident_bytes() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * 4_096
}

fn cpu_ticks() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(") ").next().unwrap_or_default();
    let field = |at| after.split(' ').nth(at).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or_default();
    field(11) + field(12)
}

fn main() {
    let mut args = std::env::args().skip(1).map(|arg| arg.parse::<u64>().unwrap_or_default());
    let calls = args.next().unwrap_or(200_000);
    let per_second = args.next().unwrap_or(12_000);
    let held = args.next().unwrap_or(20_000);
    let local = std::net::SocketAddr::from(([192, 0, 2, 1], 5_060));
    let config = Config {
        user_agent: "responder".to_owned(),
        listeners: vec![Listener { transport: Transport::Udp, local, advertised: None }],
        limits: Limits { calls: 1_000_000, transactions: 10_000_000, ..Limits::default() },
        ..Config::default()
    };
    let remote = std::net::SocketAddr::from(([192, 0, 2, 99], 5_060));
    let mut responder = Responder {
        agent: Agent::new(config, [1; 32]),
        flow: Flow { transport: Transport::Udp, local, remote, connection: 0 },
        now: Now { monotonic: Instant(1_000), utc_ms: 0 },
    };
    let before = cpu_ticks();
    let mut good = 0_u64;
    for call in 0..calls {
        responder.now.monotonic = Instant(1_000 + call * 1_000 / per_second);
        if responder.agent.deadline().is_some_and(|(at, _)| at <= responder.now.monotonic) {
            responder.input(Input::Tick);
        }
        if let Some(to) = responder.begin(call) {
            good += u64::from(responder.end(call, &to));
        }
    }
    // A tick is a hundredth of a second on Linux.
    let ms = (cpu_ticks() - before) * 10;
    println!("{good} calls of {calls} in {ms} ms of CPU: {} calls/s; {:?}", good * 1_000 / ms.max(1), responder.agent.sizes());
    println!("{} MiB in memory", resident_bytes() >> 20);
    responder.now.monotonic = responder.now.monotonic.plus(100_000);
    responder.input(Input::Tick);
    println!("after 100 s of silence: {:?}", responder.agent.sizes());
    let bytes = resident_bytes();
    for call in calls..calls + held {
        responder.begin(call);
    }
    responder.now.monotonic = responder.now.monotonic.plus(100_000);
    responder.input(Input::Tick);
    println!("{held} established calls: {:?}, {} bytes each beyond what was there", responder.agent.sizes(), resident_bytes().saturating_sub(bytes) / held.max(1));
}
