//! Who names somebody else's address.

use super::*;
use crate::media::leg::UNHEARD_PACKETS;

const RTCP: [u8; 8] = [0x80, 201, 0, 1, 0, 0, 0, 7];

/// A leg whose sound comes and goes at another address than its signalling, and that is played to without end.
fn elsewhere(world: &mut World) -> u16 {
    world.command(Command::Player { player: PLAYER, looped: true, paused: false, waits: false });
    world.command(Command::Load { player: PLAYER, audio: Ok(audio(1000, 9)), again: None });
    let port = world.answer(B, &offer("198.51.100.2", 5000, "0 101"));
    world.command(Command::Wire { from: Unit::Player(PLAYER), to: B });
    port
}

/// How many packets the leg sends within so long.
fn sends(world: &mut World, ms: u64) -> usize {
    world.sent();
    world.advance(ms);
    world.sent().len()
}

#[test]
fn who_is_not_heard_where_it_says_it_is_gets_ten_seconds_of_sound() {
    let mut world = World::new();
    let port = elsewhere(&mut world);
    assert_eq!(sends(&mut world, 120_000), usize::from(UNHEARD_PACKETS));
    world.command(Command::Digits { leg: B, digits: "123".into() });
    assert_eq!(sends(&mut world, 60_000), 0);
    assert_eq!(world.events(), [], "the leg goes on");
    world.speaks(port, PHONE_B, 0, 1);
    assert!(sends(&mut world, 60_000) > 2_900);
    world.command(Command::Close { leg: B });
    assert_eq!(world.sent().len(), 1, "and says farewell");
}

#[test]
fn a_farewell_does_not_go_where_nothing_goes() {
    let mut world = World::new();
    elsewhere(&mut world);
    world.advance(60_000);
    world.sent();
    world.command(Command::Close { leg: B });
    assert!(world.sent().is_empty());
}

#[test]
fn a_report_or_comfort_noise_of_a_silent_peer_is_enough() {
    for noise in [false, true] {
        let mut world = World::new();
        let port = elsewhere(&mut world);
        world.advance(9_000);
        match noise {
            true => world.hears(port, PHONE_B, &packet(13, 1, &[60])),
            false => world.hears_bytes(port + 1, "198.51.100.2:5001", &RTCP),
        }
        assert!(sends(&mut world, 60_000) > 2_900);
    }
}

#[test]
fn a_stranger_proves_nothing() {
    let mut world = World::new();
    let port = elsewhere(&mut world);
    for from in ["198.51.100.1:5000", "203.0.113.66:5000"] {
        world.speaks(port, from, 0, 1);
        world.hears_bytes(port + 1, from, &RTCP);
    }
    assert!(sends(&mut world, 60_000) <= usize::from(UNHEARD_PACKETS));
}

#[test]
fn who_speaks_from_its_own_private_address_proves_no_other() {
    let mut world = World::new();
    let (own, other) = ("10.0.0.5:4000", "10.0.0.9");
    world.command(Command::Answer { leg: A, offer: offer(other, 4000, "0").into(), source: ip("10.0.0.5") });
    let port = *world.bound.first().unwrap();
    world.command(wire(A, A));
    world.hears(port, own, &packet(13, 1, &[60]));
    world.hears_bytes(port + 1, own, &RTCP);
    world.advance(1_200_000);
    let sent = world.sent().iter().filter(|sent| sent.to.ip() == ip(other)).count();
    assert!(sent <= usize::from(UNHEARD_PACKETS) + 2, "{sent}");
}

#[test]
fn new_descriptions_bring_nothing_new_until_something_is_heard() {
    let mut world = World::new();
    elsewhere(&mut world);
    let mut sent = 0;
    for number in 0..20 {
        sent += sends(&mut world, 5_000);
        world.answer(B, &offer("198.51.100.2", 5002 + number * 2, "0"));
    }
    assert_eq!(sent, usize::from(UNHEARD_PACKETS));
    let port = world.answer(B, &offer("198.51.100.2", 5000, "0"));
    for number in 0..600 {
        world.speaks(port, PHONE_B, 0, number);
    }
    world.answer(B, &offer("198.51.100.3", 5000, "0"));
    assert_eq!(sends(&mut world, 60_000), usize::from(UNHEARD_PACKETS));
}

#[test]
fn who_signals_from_where_it_listens_may_be_silent() {
    let mut world = World::new();
    world.command(Command::Player { player: PLAYER, looped: true, paused: false, waits: false });
    world.command(Command::Load { player: PLAYER, audio: Ok(audio(1000, 9)), again: None });
    for (leg, address) in [(A, "198.51.100.1"), (B, "10.0.0.5")] {
        world.command(Command::Wire { from: Unit::Player(PLAYER), to: leg });
        world.answer(leg, &format!("{}a=recvonly\r\n", offer(address, 4000, "0")));
    }
    assert!(sends(&mut world, 60_000) > 2 * 2_900);
}

#[test]
fn hold_takes_nothing_of_what_may_be_sent() {
    let mut world = World::new();
    elsewhere(&mut world);
    let described = |direction: &str| format!("{}a={direction}\r\n", offer("198.51.100.2", 5000, "0"));
    world.answer(B, &described("inactive"));
    let held = sends(&mut world, 5_000);
    world.answer(B, &described("sendrecv"));
    let resumed = sends(&mut world, 60_000);
    assert!(held <= 2 && held + resumed == usize::from(UNHEARD_PACKETS), "{held}, {resumed}");
}

#[test]
fn an_answer_gives_ten_seconds_more_once() {
    let mut world = World::new();
    elsewhere(&mut world);
    assert_eq!(sends(&mut world, 60_000), usize::from(UNHEARD_PACKETS));
    for packets in [usize::from(UNHEARD_PACKETS), 0] {
        world.command(Command::Connected { leg: B });
        assert_eq!(sends(&mut world, 60_000), packets);
    }
}
