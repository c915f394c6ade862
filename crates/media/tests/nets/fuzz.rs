//! What comes from a peer or an author is read or refused, never a panic. `FUZZ_ROUNDS=100` tries a hundred times as much.

use std::{net::SocketAddr, sync::Arc};

use aws_lc_rs::hmac;
use cordboard_fuzzing::Target;
use cordboard_media::{
    file, rtcp,
    rtp::{Packet, Receiver, is_rtcp},
    sdp::{self, Local, LocalSecure},
    tone,
    webrtc::{Fingerprint, Identity, Peer, Received, Remote, Setup},
};
use cordboard_now::{Chance, Instant};

/// Pieces of descriptions and scripts.
const TEXT: &[&[u8]] = &[
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b"\t",
    b":",
    b";",
    b"/",
    b",",
    b"*",
    b"+",
    b"@",
    b"-",
    b"a=",
    b"m=audio 9 RTP/AVP 0\r\n",
    b"m=audio 0 UDP/TLS/RTP/SAVPF 111\r\n",
    b"c=IN IP4 0.0.0.0\r\n",
    b"c=IN IP6 ::1\r\n",
    b"a=rtpmap:0 opus/48000/2\r\n",
    b"a=candidate:",
    b"a=setup:actpass\r\n",
    b"65536",
    b"-1",
    b"1e9",
    b"99999999999999999999",
    b"\xff\xfe",
    "\u{10ffff}".as_bytes(),
];

/// Pieces of packets and files: lengths that promise more than there is.
const BYTES: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\x80\0\0\0",
    b"\x81\xc8",
    b"\x80\xcb",
    b"\xbf\x80",
    b"\x21\x12\xa4\x42",
    b"\x16\xfe\xfd",
    b"RIFF",
    b"WAVE",
    b"fmt ",
    b"data",
    b"LIST",
    b"ID3\x04\0\0\x7f\x7f\x7f\x7f",
    b"\xff\xfb\x90\x64",
];

fn target(name: &'static str, pieces: &'static [&'static [u8]]) -> Target {
    Target::new(env!("CARGO_MANIFEST_DIR"), name, pieces)
}

#[test]
fn a_description_is_answered_readably_or_refused() {
    let source = "198.51.100.9".parse().unwrap();
    let candidates = ["1 1 udp 2130706431 192.0.2.1 20000 typ host".to_owned()];
    let fingerprint = format!("sha-256 {}", ["AB"; 32].join(":"));
    let plain = Local {
        address: "192.0.2.1".parse().unwrap(),
        port: 20_000,
        rtcp_port: Some(20_001),
        session_id: 7,
        version: 1,
        ssrc: 77,
        cname: "us",
        opus: true,
        secure: None,
    };
    let secure = LocalSecure { ufrag: "uf", pwd: "pw", fingerprint: &fingerprint, candidates: &candidates };
    let web = Local { rtcp_port: None, secure: Some(secure), ..plain.clone() };
    target("sdp", TEXT).fuzz(10_000, |input, _| {
        let Ok(description) = sdp::parse(input) else { return };
        for local in [&plain, &web] {
            let _ = sdp::take(&description, local, None, source);
            if let Ok((agreement, text)) = sdp::answer(&description, local, source) {
                assert_eq!(sdp::parse(text.as_bytes()).unwrap().sections.len(), description.sections.len());
                sdp::parse(sdp::offer(local, Some(&agreement)).as_bytes()).unwrap();
            }
        }
    });
}

#[test]
fn a_packet_of_rtp_is_read_and_written_alike() {
    let mut receiver = Receiver::default();
    target("rtp", BYTES).fuzz(50_000, |input, draw| {
        let Some(packet) = Packet::parse(input) else { return };
        assert!(packet.payload.len() + cordboard_media::rtp::HEADER_BYTES <= input.len());
        let mut written = Vec::new();
        packet.write(&mut written);
        assert_eq!(Packet::parse(&written), Some(packet));
        receiver.receive(&packet, draw.below(1 << 20) as u64, [8_000, 48_000][draw.below(2)]);
        receiver.report();
        receiver.jitter_ms(8_000);
    });
}

#[test]
fn a_packet_of_rtcp_is_read_or_dropped() {
    target("rtcp", BYTES).fuzz(50_000, |input, _| {
        if rtcp::parse(input, 9).is_some() {
            assert!(is_rtcp(input));
        }
    });
}

fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(value.len()).unwrap().to_be_bytes();
    [&kind.to_be_bytes()[..], &length, value, &[0; 3][..value.len().wrapping_neg() % 4]].concat()
}

/// A binding request with these attributes, integrity and fingerprint (RFC 8489 §14.5 and §14.7).
fn sealed(password: &str, attributes: &[u8]) -> Vec<u8> {
    let headed = |more: usize| u16::try_from(attributes.len() + more).unwrap().to_be_bytes();
    let mut message = [&[0, 1][..], &headed(24), b"\x21\x12\xa4\x42abcdefghijkl", attributes].concat();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    let integrity = hmac::sign(&key, &message);
    message.extend(attribute(8, integrity.as_ref()));
    message[2..4].copy_from_slice(&headed(32));
    let fingerprint = crc32fast::hash(&message) ^ 0x5354_554e;
    message.extend(attribute(0x8028, &fingerprint.to_be_bytes()));
    message
}

/// A check that the peer takes (RFC 8445 §7.1), so that what follows comes from a known address.
fn check(peer: &Peer) -> Vec<u8> {
    let username = format!("{}:them", peer.credentials().ufrag);
    sealed(
        &peer.credentials().password,
        &[attribute(6, username.as_bytes()), attribute(0x24, &[0, 0, 1, 0]), attribute(0x802a, b"12345678"), attribute(0x25, b"")].concat(),
    )
}

#[test]
fn a_datagram_of_a_browser_is_taken_or_dropped() {
    let identity = Arc::new(Identity::new(std::time::Instant::now()).unwrap());
    let from: SocketAddr = "192.0.2.9:4000".parse().unwrap();
    let fingerprint = Fingerprint::parse(&format!("sha-256 {}", ["AB"; 32].join(":"))).unwrap();
    let peer = || {
        let mut peer = Peer::new(&identity, &mut Chance::new(&[7; 32]));
        peer.connect(Instant(0), Remote { ufrag: "them", fingerprint: fingerprint.clone(), role: Setup::Passive });
        peer
    };
    let valid = check(&peer());
    let mut reached = 0;
    target("datagram", BYTES).and([valid.clone()]).fuzz(3_000, |input, draw| {
        let mut peer = peer();
        if draw.below(4) > 0 {
            peer.packet(Instant(1), from, &mut valid.clone());
            assert_eq!(peer.selected(), Some(from));
        }
        // What is changed of a check fits its seals again, half of the time: else nothing behind them would be reached.
        let mut datagram = match input.split_at_checked(20) {
            Some(([0, 1, ..], attributes)) if draw.below(2) == 0 => sealed(&peer.credentials().password, &attributes[..attributes.len() / 4 * 4]),
            _ => input.to_vec(),
        };
        assert_eq!(peer.packet(Instant(2), from, &mut datagram), Received::Nothing, "before the handshake nothing is sound");
        while peer.poll().is_some() {
            reached += 1;
        }
        peer.timeout(Instant(60_000));
    });
    assert!(reached > 1_000, "only {reached} answers: the inputs do not get beyond the first check");
}

#[test]
fn a_file_is_sound_or_a_sentence() {
    target("sound", BYTES).fuzz(500, |input, _| match file::decode(input.to_vec(), 8_000) {
        Ok(audio) => assert!(audio.rate == 8_000 || audio.samples.is_empty()),
        Err(error) => assert!(!error.is_empty() && !error.chars().any(char::is_control), "{error:?}"),
    });
}

#[test]
fn a_script_is_a_tone_or_a_sentence() {
    target("tone", TEXT).fuzz(2_000, |input, _| match tone::tone(&String::from_utf8_lossy(input)) {
        Ok(tone) => assert!(tone.audio.samples.len() <= 480_000),
        Err(error) => assert!(!error.is_empty(), "{error:?}"),
    });
}
