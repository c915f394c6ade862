//! What one relayed packet costs inside the core, and what a leg weighs: `cargo run --release -p cordboard-media --example relay`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::unwrap_used, reason = "measures real time")]

use std::{net::SocketAddr, time::Instant as Clock};

use cordboard_media::{Command, Config, Event, LegId, Media, Output, Unit};
use cordboard_now::{Instant, Now};

const PAIRS: u16 = 1000;
const ROUNDS: u64 = 500;

fn drain(media: &mut Media, now: Now) -> (u64, Option<u16>) {
    let (mut sent, mut port) = (0, None);
    loop {
        let mut binding = Vec::new();
        while let Some(output) = media.poll() {
            match output {
                Output::Bind { port, .. } => binding.push(port),
                Output::Send { bytes, .. } => sent += u64::from(!bytes.is_empty()),
                Output::Event(Event::Described { sdp, .. }) => {
                    let text = String::from_utf8(sdp).unwrap();
                    port = text.split("m=audio ").nth(1).and_then(|rest| rest.split(' ').next()).and_then(|port| port.parse().ok());
                }
                _ => {}
            }
        }
        if binding.is_empty() {
            return (sent, port);
        }
        for port in binding {
            media.bound(now, port, Ok(None));
        }
    }
}

fn main() {
    let mut now = Now { monotonic: Instant(0), utc_ms: 1_700_000_000_000 };
    let config = Config { address: "192.0.2.1".parse().unwrap(), ports: 10_000..=20_000, identity: None };
    let mut media = Media::new(config, [1; 32]);
    let mut legs = Vec::new();
    for number in 0..PAIRS * 2 {
        let law = if std::env::args().any(|argument| argument == "transcode") && number % 2 == 1 { 8 } else { 0 };
        let offer = format!("v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\nm=audio {} RTP/AVP {law}\r\n", 20_000 + number);
        let leg = LegId(u64::from(number));
        media.command(now, Command::Answer { leg, offer: offer.into(), source: "198.51.100.1".parse().unwrap() });
        let port = drain(&mut media, now).1.unwrap();
        legs.push((port, SocketAddr::new("198.51.100.1".parse().unwrap(), 20_000 + number), law));
    }
    for number in 0..u64::from(PAIRS) {
        for (from, to) in [(2 * number, 2 * number + 1), (2 * number + 1, 2 * number)] {
            media.command(now, Command::Wire { from: Unit::Leg(LegId(from)), to: LegId(to) });
        }
    }
    let mut packet = [0u8; 172];
    packet[0] = 0x80;
    let (mut sent, began) = (0, Clock::now());
    for round in 0..ROUNDS {
        now.monotonic = now.monotonic.plus(20);
        packet[2..4].copy_from_slice(&u16::try_from(round).unwrap().to_be_bytes());
        packet[4..8].copy_from_slice(&u32::try_from(round * 160).unwrap().to_be_bytes());
        for (port, phone, law) in &legs {
            packet[1] = *law;
            media.packet(now, *port, *phone, &mut packet);
            while let Some(output) = media.poll() {
                sent += u64::from(matches!(output, Output::Send { .. }));
            }
        }
        if media.deadline().is_some_and(|(at, _)| at <= now.monotonic) {
            media.tick(now);
            drain(&mut media, now);
        }
    }
    let elapsed = began.elapsed();
    println!("{sent} packets relayed, {:.0} ns each", elapsed.as_nanos() as f64 / sent as f64);
}
