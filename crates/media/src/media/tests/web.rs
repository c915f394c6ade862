use super::*;
use crate::webrtc::{Identity, check};

const OURS: &str = "192.0.2.1";

#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the base only has to be some moment")]
fn secure(from: u16) -> World {
    let mut world = World::with(from, from + 99);
    world.media.config.identity = Some(Arc::new(Identity::new(std::time::Instant::now()).unwrap()));
    world
}

fn attribute<'a>(text: &'a str, name: &str) -> &'a str {
    text.split(&format!("a={name}:")).nth(1).unwrap().split("\r\n").next().unwrap()
}

/// Two nodes of ours that call each other over DTLS. A lite agent makes no checks, so they are made for both.
struct Pair {
    one: World,
    two: World,
    texts: [String; 2],
}

impl Pair {
    fn new() -> Self {
        let (mut one, mut two) = (secure(20_000), secure(30_000));
        one.command(Command::Offer { leg: A, web: true });
        let offer = one.description();
        two.command(Command::Answer { leg: A, offer: offer.clone().into(), source: ip(OURS) });
        let answer = two.description();
        one.command(Command::Take { leg: A, answer: answer.clone().into(), source: ip(OURS) });
        assert_eq!(one.events(), [Event::Agreed { leg: A, encrypted: true }]);
        Self { one, two, texts: [offer, answer] }
    }

    fn port(world: &World) -> u16 {
        *world.bound.first().unwrap()
    }

    fn check(&mut self) {
        let (one, two) = (Self::port(&self.one), Self::port(&self.two));
        let [offer, answer] = &self.texts;
        let name = |to: &str, from: &str| format!("{}:{}", attribute(to, "ice-ufrag"), attribute(from, "ice-ufrag"));
        let to_one = check(&name(offer, answer), attribute(offer, "ice-pwd"), true, [1; 12]);
        let to_two = check(&name(answer, offer), attribute(answer, "ice-pwd"), true, [2; 12]);
        self.one.hears_bytes(one, &format!("{OURS}:{two}"), &to_one);
        self.two.hears_bytes(two, &format!("{OURS}:{one}"), &to_two);
        self.carry();
    }

    /// Until nobody says anything.
    fn carry(&mut self) {
        let (one, two) = (Self::port(&self.one), Self::port(&self.two));
        for _ in 0..100 {
            let (from_one, from_two) = (self.one.sent(), self.two.sent());
            if from_one.is_empty() && from_two.is_empty() {
                return;
            }
            for sent in from_one {
                self.two.hears_bytes(two, &format!("{OURS}:{one}"), &sent.bytes);
            }
            for sent in from_two {
                self.one.hears_bytes(one, &format!("{OURS}:{two}"), &sent.bytes);
            }
        }
        panic!("they never cease");
    }
}

#[test]
fn sound_and_keys_go_over_dtls() {
    let mut pair = Pair::new();
    pair.check();
    pair.two.command(Command::Tones { leg: A, on: true });
    pair.two.command(wire(A, A));
    pair.one.command(Command::Player { player: PLAYER, looped: false, paused: false, waits: false });
    pair.one.command(Command::Wire { from: Unit::Player(PLAYER), to: A });
    pair.one.command(Command::Load { player: PLAYER, audio: Ok(audio(100, 500)), again: None });
    for _ in 0..10 {
        pair.one.advance(20);
        pair.carry();
    }
    pair.one.command(Command::Digits { leg: A, digits: "7".into() });
    for _ in 0..10 {
        pair.one.advance(20);
        pair.two.advance(20);
        pair.carry();
    }
    assert_eq!(pair.two.events(), [Event::FirstPacket { leg: A }, Event::Tone { leg: A, tone: '7' }]);
    let events = pair.one.events();
    assert!(events.contains(&Event::FirstPacket { leg: A }), "the echo is heard: {events:?}");
    pair.one.command(Command::Close { leg: A });
    let [Event::Closed { statistics, .. }] = pair.one.events()[..] else { panic!() };
    assert_eq!((statistics.sent, statistics.received, statistics.lost), (13, 5, 0));
}

#[test]
fn plain_sound_is_not_heard_on_a_secure_leg() {
    let mut pair = Pair::new();
    pair.check();
    let (one, two) = (Pair::port(&pair.one), Pair::port(&pair.two));
    pair.one.speaks(one, &format!("{OURS}:{two}"), 0, 1);
    pair.one.speaks(one, "203.0.113.66:4000", 0, 1);
    assert!(pair.one.events().is_empty());
}

#[test]
fn a_browser_that_never_comes_breaks_the_leg() {
    let mut pair = Pair::new();
    pair.one.advance(40_000);
    assert!(matches!(&pair.one.events()[..], [Event::Broken { leg: A, .. }]));
    pair.one.command(Command::Close { leg: A });
    assert_eq!(pair.one.media.deadline(), None);
}

#[test]
fn a_secure_leg_does_not_become_a_plain_one() {
    let mut pair = Pair::new();
    let source = ip(OURS);
    pair.two.command(Command::Answer { leg: A, offer: offer("192.0.2.1", 4000, "0").into(), source });
    assert!(matches!(&pair.two.events()[..], [Event::Refused { status: 488, .. }]));
    let mut plain = World::new();
    plain.answer(A, &offer("192.0.2.1", 4000, "0"));
    plain.command(Command::Answer { leg: A, offer: pair.texts[0].clone().into(), source });
    assert!(matches!(&plain.events()[..], [Event::Refused { status: 488, .. }]));
}

#[test]
fn an_ice_restart_is_answered_with_new_credentials() {
    let mut pair = Pair::new();
    let text = pair.texts[0].replace(attribute(&pair.texts[0], "ice-ufrag"), "anew");
    pair.two.command(Command::Answer { leg: A, offer: text.into(), source: ip(OURS) });
    let answer = pair.two.description();
    assert_ne!(attribute(&answer, "ice-ufrag"), attribute(&pair.texts[1], "ice-ufrag"));
}

#[test]
fn a_second_address_is_a_second_candidate_of_web_legs_alone() {
    let mut world = secure(20_000);
    world.besides = Some(ip("198.51.100.7"));
    world.command(Command::Offer { leg: A, web: true });
    let port = Pair::port(&world);
    let offer = world.description();
    let candidates: Vec<&str> = offer.split("\r\n").filter_map(|line| line.strip_prefix("a=candidate:")).collect();
    assert_eq!(candidates, [format!("1 1 udp 2130706431 {OURS} {port} typ host"), format!("2 1 udp 2130706175 198.51.100.7 {port} typ host")]);
    world.command(Command::Offer { leg: B, web: false });
    assert!(!world.description().contains("198.51.100.7"));
}

#[test]
fn what_is_for_a_call_waits_for_its_keys_and_begins_at_its_beginning() {
    let mut pair = Pair::new();
    pair.one.command(Command::Player { player: PLAYER, looped: false, paused: false, waits: true });
    pair.one.command(Command::Wire { from: Unit::Player(PLAYER), to: A });
    pair.one.command(Command::Load { player: PLAYER, audio: Ok(audio(60, 500)), again: None });
    pair.one.advance(2_000);
    assert_eq!(pair.one.events(), [Event::Ready { player: PLAYER, duration_ms: 60 }]);
    pair.check();
    pair.one.advance(100);
    pair.carry();
    assert_eq!(pair.one.events(), [Event::Started { player: PLAYER, duration_ms: 60 }, Event::Finished { player: PLAYER, error: None }]);
    pair.two.command(Command::Close { leg: A });
    let [.., Event::Closed { statistics, .. }] = pair.two.events()[..] else { panic!() };
    assert_eq!(statistics.received, 3);
}
