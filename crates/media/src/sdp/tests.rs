use std::net::{IpAddr, SocketAddr};

use proptest::prelude::*;

use super::*;

const CHROMIUM: &str = include_str!("../../tests/nets/corpus/sdp/chromium.sdp");
const FIREFOX: &str = include_str!("../../tests/nets/corpus/sdp/firefox.sdp");
const BARESIP: &str = include_str!("../../tests/nets/corpus/sdp/baresip.sdp");
const LINPHONE: &str = include_str!("../../tests/nets/corpus/sdp/linphone.sdp");
const SIPP: &str = include_str!("../../tests/nets/corpus/sdp/sipp.sdp");
const TWENTY: &str = include_str!("../../tests/nets/corpus/sdp/twenty.sdp");

const FINGERPRINT: &str = "sha-256 AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB";

fn local() -> Local<'static> {
    let address = "192.0.2.1".parse().unwrap();
    Local { address, port: 20_000, rtcp_port: Some(20_001), session_id: 7, version: 1, ssrc: 77, cname: "us", opus: false, secure: None }
}

fn web() -> Local<'static> {
    static CANDIDATES: std::sync::LazyLock<Vec<String>> = std::sync::LazyLock::new(|| vec!["1 1 udp 2130706431 192.0.2.1 20000 typ host".into()]);
    Local { rtcp_port: None, secure: Some(LocalSecure { ufrag: "uf", pwd: "pw", fingerprint: FINGERPRINT, candidates: &CANDIDATES }), ..local() }
}

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn at(text: &str) -> Option<SocketAddr> {
    Some(text.parse().unwrap())
}

fn answered(offer: &str, local: &Local<'_>, source: &str) -> (Agreement, String) {
    answer(&parse(offer.as_bytes()).unwrap(), local, ip(source)).unwrap()
}

fn refused(offer: &str) -> Refusal {
    answer(&parse(offer.as_bytes()).unwrap(), &local(), ip("198.51.100.9")).unwrap_err()
}

fn lines(text: &str) -> Vec<&str> {
    assert!(text.ends_with("\r\n"));
    text.trim_end().split("\r\n").collect()
}

#[test]
fn chromium_is_answered_with_pcmu_over_dtls_and_no_video() {
    let (agreement, text) = answered(CHROMIUM, &web(), "198.51.100.9");
    let fingerprint = format!("a=fingerprint:{FINGERPRINT}");
    let expected = [
        "v=0",
        "o=- 7 1 IN IP4 192.0.2.1",
        "s=-",
        "c=IN IP4 192.0.2.1",
        "t=0 0",
        "a=ice-lite",
        "a=group:BUNDLE 0",
        "m=audio 20000 UDP/TLS/RTP/SAVPF 0 126",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:126 telephone-event/8000",
        "a=fmtp:126 0-15",
        "a=ptime:20",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=mid:0",
        "a=ice-ufrag:uf",
        "a=ice-pwd:pw",
        &fingerprint,
        "a=setup:passive",
        "a=candidate:1 1 udp 2130706431 192.0.2.1 20000 typ host",
        "a=end-of-candidates",
        "a=ssrc:77 cname:us",
        "m=video 0 UDP/TLS/RTP/SAVPF 96 97",
        "a=mid:1",
    ];
    assert_eq!(lines(&text), expected);
    let web = agreement.web.unwrap();
    assert_eq!((web.ufrag.as_str(), web.active, web.fingerprint.starts_with("sha-256 D2:FA:")), ("F7gI", false, true));
    assert_eq!((agreement.codec, agreement.event, agreement.remote), (Codec::Pcmu, Some((126, 126)), None));
}

#[test]
fn firefox_may_name_its_fingerprint_once_for_all() {
    let (agreement, text) = answered(FIREFOX, &web(), "198.51.100.9");
    assert_eq!((agreement.payload, agreement.event), (0, Some((101, 101))));
    assert!(text.contains("m=audio 20000 UDP/TLS/RTP/SAVPF 0 101\r\n"), "{text}");
}

#[test]
fn opus_is_taken_where_there_is_no_g711() {
    let offer = CHROMIUM.replace("111 63 9 0 8 13 110 126", "111 63 110 126");
    let (agreement, text) = answered(&offer, &Local { opus: true, ..web() }, "198.51.100.9");
    assert_eq!((agreement.codec, agreement.payload, agreement.event), (Codec::Opus, 111, Some((110, 110))));
    assert!(text.contains("a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=20;useinbandfec=1\r\na=rtpmap:110 telephone-event/48000\r\n"), "{text}");
}

#[test]
fn a_phone_behind_nat_is_looked_for_where_its_signalling_came_from() {
    let (agreement, text) = answered(BARESIP, &local(), "198.51.100.9");
    let expected = [
        "v=0",
        "o=- 7 1 IN IP4 192.0.2.1",
        "s=-",
        "c=IN IP4 192.0.2.1",
        "t=0 0",
        "m=audio 20000 RTP/AVP 8 97",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:97 telephone-event/8000",
        "a=fmtp:97 0-15",
        "a=ptime:20",
        "a=sendrecv",
        "a=rtcp:20001",
    ];
    assert_eq!(lines(&text), expected);
    assert_eq!((agreement.remote, agreement.remote_rtcp, agreement.behind), (at("198.51.100.9:21984"), at("198.51.100.9:21985"), Some(ip("198.51.100.9"))));
}

#[test]
fn linphone_is_answered_with_its_profile_and_its_event_of_8_khz() {
    let (agreement, text) = answered(LINPHONE, &local(), "192.168.0.12");
    assert!(text.contains("m=audio 20000 RTP/AVPF 0 100\r\n") && text.contains("m=video 0 RTP/AVPF 96\r\n"), "{text}");
    assert_eq!((agreement.remote, agreement.behind), (at("192.168.0.12:7078"), None));
}

#[test]
fn sipp_on_the_same_machine_is_taken_at_its_word() {
    let (agreement, _) = answered(SIPP, &local(), "127.0.0.1");
    assert_eq!((agreement.remote, agreement.behind, agreement.event), (at("127.0.0.1:6000"), None, None));
}

#[test]
fn a_peer_elsewhere_names_no_service_of_this_machine() {
    for address in ["127.0.0.1", "127.9.9.9", "169.254.169.254"] {
        for source in ["192.168.0.12", "198.51.100.7"] {
            let (agreement, _) = answered(&SIPP.replace("c=IN IP4 127.0.0.1", &format!("c=IN IP4 {address}")), &local(), source);
            assert_eq!((agreement.remote, agreement.behind), (at(&format!("{source}:6000")), source.parse().ok()));
        }
    }
}

#[test]
fn a_static_payload_type_needs_no_rtpmap() {
    let (agreement, _) = answered(&SIPP.replace("a=rtpmap:0 PCMU/8000\r\n", ""), &local(), "127.0.0.1");
    assert_eq!(agreement.codec, Codec::Pcmu);
}

#[test]
fn a_dynamic_payload_type_keeps_the_offers_number() {
    let offer = SIPP.replace("RTP/AVP 0", "RTP/AVP 98").replace("a=rtpmap:0 PCMU/8000", "a=rtpmap:98 pcma/8000/1");
    let (agreement, text) = answered(&offer, &local(), "127.0.0.1");
    assert_eq!((agreement.codec, agreement.payload), (Codec::Pcma, 98));
    assert!(text.contains("a=rtpmap:98 PCMA/8000"));
}

#[test]
fn an_offer_of_twenty_codecs_over_ipv6_finds_the_one() {
    let local = Local { address: ip("2001:db8::1"), ..local() };
    let (agreement, text) = answered(TWENTY, &local, "2001:db8::7");
    assert_eq!((agreement.codec, agreement.remote), (Codec::Pcma, at("[2001:db8::7]:40000")));
    assert!(text.contains("c=IN IP6 2001:db8::1\r\n") && text.contains("a=recvonly\r\n"), "{text}");
    assert!(agreement.held());
}

#[test]
fn an_address_of_another_family_is_refused_or_replaced_by_the_source() {
    assert_eq!(answered(TWENTY, &local(), "198.51.100.9").0.remote, at("198.51.100.9:40000"));
    let refusal = answer(&parse(TWENTY.as_bytes()).unwrap(), &local(), ip("2001:db8::7")).unwrap_err();
    assert_eq!(refusal.reason, "The address 2001:db8::7 is not of the family of ours");
}

#[test]
fn no_common_codec_names_what_was_offered() {
    let refusal = refused(&SIPP.replace("RTP/AVP 0", "RTP/AVP 18 3 96 101").replace("0 PCMU/8000", "96 iLBC/8000\r\na=rtpmap:101 telephone-event/8000"));
    assert_eq!((refusal.status, refusal.reason.as_str()), (488, "No common codec: g729/8000, gsm/8000, ilbc/8000 offered, PCMU and PCMA understood"));
}

#[test]
fn offers_without_usable_sound_are_refused_with_the_reason() {
    assert_eq!(refused(&SIPP.replace("m=audio", "m=video")).reason, "The offer has no sound");
    assert_eq!(refused(&SIPP.replace("RTP/AVP 0", "RTP/SAVP 0")).reason, "The transport RTP/SAVP is not understood");
    assert_eq!(refused(&SIPP.replace("c=IN IP4 127.0.0.1\r\n", "")).status, 400);
    assert_eq!(refused("v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\n").reason, "The offer has no media");
    assert_eq!(refused(&CHROMIUM.replace("a=ice-pwd", "a=x")).reason, "A secure description needs ice-ufrag and ice-pwd");
    assert_eq!(refused(&CHROMIUM.replace("a=fingerprint:sha-256", "a=fingerprint:sha-1")).reason, "A secure description needs a fingerprint of SHA-256");
}

#[test]
fn hold_comes_in_three_ways() {
    for (hold, answer) in [("a=sendonly", "a=recvonly"), ("a=inactive", "a=inactive")] {
        let (agreement, text) = answered(&format!("{SIPP}{hold}\r\n"), &local(), "127.0.0.1");
        assert!(agreement.held() && text.contains(answer), "{text}");
    }
    let (agreement, text) = answered(&SIPP.replace("c=IN IP4 127.0.0.1", "c=IN IP4 0.0.0.0"), &local(), "127.0.0.1");
    assert!(agreement.held() && agreement.remote.is_none() && text.contains("a=recvonly"), "{text}");
    let (agreement, text) = answered(&format!("{SIPP}a=recvonly\r\n"), &local(), "127.0.0.1");
    assert!(!agreement.held() && text.contains("a=sendonly"), "{text}");
}

#[test]
fn a_direction_of_the_session_holds_for_its_sound() {
    let (agreement, _) = answered(&SIPP.replace("t=0 0", "t=0 0\r\na=sendonly"), &local(), "127.0.0.1");
    assert!(agreement.held());
}

#[test]
fn multiplexing_is_answered_where_it_is_offered() {
    let (agreement, text) = answered(&format!("{SIPP}a=rtcp-mux\r\n"), &local(), "127.0.0.1");
    assert!(agreement.mux && text.contains("a=rtcp-mux") && !text.contains("a=rtcp:"), "{text}");
    assert_eq!(agreement.remote_rtcp, at("127.0.0.1:6000"));
}

#[test]
fn our_offer_is_plain() {
    let expected = [
        "v=0",
        "o=- 7 1 IN IP4 192.0.2.1",
        "s=-",
        "c=IN IP4 192.0.2.1",
        "t=0 0",
        "m=audio 20000 RTP/AVP 0 8 101",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:8 PCMA/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-15",
        "a=ptime:20",
        "a=sendrecv",
        "a=rtcp:20001",
    ];
    assert_eq!(lines(&offer(&local(), None)), expected);
}

#[test]
fn what_we_offer_and_what_we_answer_agree() {
    for (local, opus) in [(local(), false), (local(), true), (web(), false), (web(), true)] {
        let local = Local { opus, ..local };
        let ours = parse(offer(&local, None).as_bytes()).unwrap();
        let (theirs, text) = answer(&ours, &local, ip("192.0.2.1")).unwrap();
        let agreement = take(&parse(text.as_bytes()).unwrap(), &local, None, ip("192.0.2.1")).unwrap();
        assert_eq!((agreement.codec, agreement.payload, agreement.event), (Codec::Pcmu, 0, Some((101, 101))));
        assert_eq!((theirs.web.is_some(), agreement.mux), (agreement.web.is_some(), local.secure.is_some()));
        if let (Some(theirs), Some(web)) = (theirs.web, agreement.web) {
            assert!(web.active && !theirs.active);
        }
    }
}

#[test]
fn an_answer_with_other_numbers_is_understood_both_ways() {
    let text = SIPP.replace("RTP/AVP 0", "RTP/AVP 8 96").replace("0 PCMU/8000", "96 telephone-event/8000");
    let agreement = take(&parse(text.as_bytes()).unwrap(), &local(), None, ip("127.0.0.1")).unwrap();
    assert_eq!((agreement.codec, agreement.payload, agreement.event), (Codec::Pcma, 8, Some((96, 101))));
    assert_eq!(agreement.receives, vec![(0, Codec::Pcmu), (8, Codec::Pcma)]);
}

#[test]
fn an_answer_without_sound_or_codec_is_refused() {
    let take = |text: String| take(&parse(text.as_bytes()).unwrap(), &local(), None, ip("127.0.0.1")).unwrap_err().reason;
    assert_eq!(take(SIPP.replace("audio 6000", "audio 0")), "The peer refused the sound");
    assert_eq!(take(SIPP.replace("m=audio", "m=image")), "The answer has no sound where it was offered");
    assert!(take(SIPP.replace("RTP/AVP 0", "RTP/AVP 18").replace("a=rtpmap:0 PCMU/8000", "")).starts_with("No common codec"));
}

#[test]
fn a_later_offer_repeats_the_sections_that_were_there() {
    let (agreement, _) = answered(LINPHONE, &local(), "192.168.0.12");
    let text = offer(&local(), Some(&agreement));
    assert!(text.contains("m=audio 20000 RTP/AVPF 0 8 101\r\n") && text.contains("m=video 0 RTP/AVPF 96\r\n"), "{text}");
}

#[test]
fn what_is_no_description_is_refused_in_words() {
    for (text, words) in [
        ("", "does not begin with v=0"),
        ("<html>", "does not begin with v=0"),
        ("v=0\r\n", "has no o= line"),
        ("v=0\r\no=x\r\n", "lacks fields"),
        ("v=0\r\no=- 1 1 IN IP4 h\r\nm=audio\r\n", "lacks fields"),
        ("v=0\r\no=- 1 1 IN IP4 h\r\nm=audio 70000 RTP/AVP 0\r\n", "port"),
        ("v=0\r\no=- 1 1 IN IP4 h\r\nm=audio 5 RTP/AVP\r\n", "no formats"),
        ("v=0\r\no=- 1 1 IN IP4 h\r\nc=IN IP4 1.2.3\r\n", "is none"),
        ("v=0\r\no=- 1 1 IN IP4 h\r\nc=IN IP4 224.0.0.1\r\n", "multicast"),
        ("v=0\r\no=- 1 1 IN IP4 h\r\nnonsense\r\n", "equals sign"),
        ("v=0\r\no=- 1 1 IN IP4 h\r\na=fingerprint:sha-256 zz\r\n", "fingerprint"),
    ] {
        let error = parse(text.as_bytes()).unwrap_err();
        assert!(error.contains(words), "{text:?}: {error}");
    }
    assert!(parse(&vec![b'a'; 70_000]).unwrap_err().contains("too long"));
    assert!(parse(format!("v=0\r\n{}", "s=-\n".repeat(3000)).as_bytes()).unwrap_err().contains("too many lines"));
}

#[test]
fn bare_line_feeds_are_taken() {
    assert_eq!(parse(SIPP.replace('\r', "").as_bytes()), parse(SIPP.as_bytes()));
}

fn whatever_is_read_is_answered_readably(bytes: &[u8]) {
    let Ok(description) = parse(bytes) else { return };
    for local in [local(), web()] {
        let _ = take(&description, &local, None, ip("10.1.1.1"));
        if let Ok((agreement, text)) = answer(&description, &local, ip("10.1.1.1")) {
            let ours = parse(text.as_bytes()).unwrap();
            assert_eq!(ours.sections.len(), description.sections.len());
            parse(offer(&local, Some(&agreement)).as_bytes()).unwrap();
        }
    }
}

proptest! {
    #[test]
    fn lines_of_all_kinds_harm_nothing(lines in prop::collection::vec("[vomcabst]=(audio |IN IP4 |rtpmap:|candidate:|ssrc:|rtcp:|fingerprint:sha-256 |)[ -~]{0,30}", 0..30)) {
        let text = format!("v=0\no=- 1 1 IN IP4 h\n{}\n", lines.join("\n"));
        whatever_is_read_is_answered_readably(text.as_bytes());
    }
}
