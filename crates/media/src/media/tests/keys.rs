//! Keys between legs of unlike codecs.

use super::*;
use crate::event::{Payload, Receiver};

/// telephone-event of the leg of Opus.
const WIDE: u8 = 110;

fn opus_offer(event: &str) -> String {
    offer("198.51.100.2", 5000, &format!("111{event}")).replace("a=rtpmap:101 telephone-event/8000", "a=rtpmap:111 opus/48000/2\r\na=rtpmap:110 telephone-event/48000")
}

/// A leg of G.711 and one of Opus that hear each other; their ports.
fn unlike(world: &mut World, event: &str) -> (u16, u16) {
    let a = world.answer(A, &offer("198.51.100.1", 4000, "0 101"));
    let b = world.answer(B, &opus_offer(event));
    world.command(wire(A, B));
    world.command(wire(B, A));
    world.sent();
    (a, b)
}

/// The packets of a key: five of it, three of its end; sequence numbers, and whether it is over, beside them.
fn key(code: u8, first: u16, ticks: u16) -> Vec<(u16, [u8; 4])> {
    (1..=8).map(|step| (first + step, Payload { code, end: step > 5, volume: 7, duration: step.min(5) * ticks }.bytes())).collect()
}

struct Way {
    /// Who presses, and with which type and clock.
    port: u16,
    from: &'static str,
    payload_type: u8,
    clock: u32,
    /// Who hears.
    hearer: u16,
    hears: u8,
    hears_clock: u32,
}

fn ways(a: u16, b: u16) -> [Way; 2] {
    [
        Way { port: a, from: PHONE_A, payload_type: 101, clock: 8000, hearer: b, hears: WIDE, hears_clock: 48_000 },
        Way { port: b, from: PHONE_B, payload_type: WIDE, clock: 48_000, hearer: a, hears: 101, hears_clock: 8000 },
    ]
}

impl Way {
    fn press(&self, world: &mut World, timestamp: u32, packets: &[(u16, [u8; 4])]) {
        for (sequence, payload) in packets {
            world.advance(20);
            let packet = Packet { marker: false, payload_type: self.payload_type, sequence: *sequence, timestamp, ssrc: 55, payload };
            world.hears(self.port, self.from, &packet);
        }
    }

    /// What the hearer got of keys.
    fn got(&self, world: &mut World) -> Vec<Sent> {
        world.sent().into_iter().filter(|sent| sent.port == self.hearer && sent.packet().payload_type == self.hears).collect()
    }

    fn keys(&self, sent: &[Sent]) -> String {
        let mut receiver = Receiver::default();
        sent.iter().filter_map(|sent| receiver.receive(1, sent.packet().timestamp, self.hears_clock, sent.packet().payload)).collect()
    }

    fn ticks(&self) -> u16 {
        u16::try_from(self.clock / 50).unwrap()
    }
}

#[test]
fn keys_cross_between_opus_and_g711_in_the_hearers_clock() {
    let mut world = World::new();
    let (a, b) = unlike(&mut world, " 110");
    for way in ways(a, b) {
        way.press(&mut world, 900, &key(5, 10, way.ticks()));
        let sent = way.got(&mut world);
        assert_eq!((sent.len(), way.keys(&sent).as_str()), (8, "5"));
        let step = u16::try_from(way.hears_clock / 50).unwrap();
        for (place, sent_packet) in sent.iter().enumerate() {
            let (packet, first) = (sent_packet.packet(), sent[0].packet());
            assert_eq!((packet.marker, packet.timestamp), (place == 0, first.timestamp));
            assert_eq!(packet.sequence, first.sequence.wrapping_add(u16::try_from(place).unwrap()));
            let payload = Payload::parse(packet.payload).unwrap();
            let number = u16::try_from(place + 1).unwrap();
            assert_eq!(payload, Payload { code: 5, end: number > 5, volume: 7, duration: number.min(5) * step });
        }
    }
    assert!(world.events().iter().all(|event| matches!(event, Event::FirstPacket { .. })), "nobody asked for them");
}

#[test]
fn keys_cross_whatever_of_them_is_lost_or_overtaken() {
    let mut world = World::new();
    let (a, b) = unlike(&mut world, " 110");
    for way in ways(a, b) {
        let ticks = u32::from(way.ticks());
        let mut late = key(1, 10, way.ticks());
        late.swap(2, 3);
        late.swap(4, 6);
        way.press(&mut world, 900, &late);
        // The first and the last of each are lost.
        way.press(&mut world, 900 + 20 * ticks, &key(2, 20, way.ticks())[3..6]);
        way.press(&mut world, 900 + 40 * ticks, &key(3, 30, way.ticks())[7..]);
        // What is repeated long after is no key.
        way.press(&mut world, 900, &key(1, 10, way.ticks())[6..]);
        way.press(&mut world, 900 + 60 * ticks, &key(4, 40, way.ticks())[..2]);
        let sent = way.got(&mut world);
        assert_eq!(way.keys(&sent), "1234");
        let ends: Vec<u8> = sent.iter().filter_map(|sent| Payload::parse(sent.packet().payload)).filter(|payload| payload.end).map(|payload| payload.code).collect();
        assert_eq!(ends, [1, 1, 1, 2, 3]);
        assert!(sent.windows(2).all(|pair| pair[1].packet().sequence == pair[0].packet().sequence.wrapping_add(1)));
    }
}

#[test]
fn no_sound_goes_between_the_packets_of_a_key_and_it_goes_on_after() {
    let mut world = World::new();
    let (a, b) = unlike(&mut world, " 110");
    let mut number = 0;
    let mut speak = |world: &mut World, count: u16, key: Option<u16>| {
        for step in 0..count {
            world.advance(20);
            number += 1;
            let payload = Payload { code: 9, end: step + 3 > count, volume: 7, duration: step * 160 }.bytes();
            match key {
                Some(_) => world.hears(a, PHONE_A, &Packet { timestamp: 160 * u32::from(key.unwrap()), ..packet(101, number, &payload) }),
                None => world.hears(a, PHONE_A, &packet(0, number, &[9; 160])),
            }
        }
    };
    speak(&mut world, 30, None);
    speak(&mut world, 10, Some(31));
    speak(&mut world, 30, None);
    world.advance(200);
    let sent: Vec<Sent> = world.sent().into_iter().filter(|sent| sent.port == b).collect();
    let kinds: Vec<u8> = sent.iter().map(|sent| sent.packet().payload_type).collect();
    let first = kinds.iter().position(|kind| *kind == WIDE).unwrap();
    assert_eq!(kinds.iter().filter(|kind| **kind == WIDE).count(), 10);
    assert!(kinds[first..first + 8].iter().all(|kind| *kind == WIDE), "{kinds:?}");
    assert!(kinds[..first].len() > 20 && kinds[first + 10..].len() > 20);
    for pair in sent.windows(2) {
        let (one, two) = (pair[0].packet(), pair[1].packet());
        assert_eq!(two.sequence, one.sequence.wrapping_add(1));
        assert!(two.timestamp.wrapping_sub(one.timestamp) < 48_000, "time goes on");
    }
}

#[test]
fn a_hearer_without_keys_gets_none() {
    let mut world = World::new();
    let (a, b) = unlike(&mut world, "");
    world.command(Command::Digits { leg: B, digits: "1".into() });
    assert_eq!(world.events(), [Event::DigitsRefused { leg: B }]);
    for (sequence, payload) in key(5, 10, 160) {
        world.advance(20);
        world.hears(a, PHONE_A, &Packet { sequence, ..packet(101, 10, &payload) });
    }
    assert!(world.sent().iter().all(|sent| sent.port != b || sent.packet().payload_type == 111));
}

#[test]
fn keys_that_are_asked_for_do_not_cross() {
    let mut world = World::new();
    let (a, b) = unlike(&mut world, " 110");
    for leg in [A, B] {
        world.command(Command::Tones { leg, on: true });
    }
    for way in ways(a, b) {
        way.press(&mut world, 900, &key(11, 10, way.ticks()));
        assert!(way.got(&mut world).is_empty());
    }
    let tones: Vec<Event> = world.events().into_iter().filter(|event| matches!(event, Event::Tone { .. })).collect();
    assert_eq!(tones, [Event::Tone { leg: A, tone: '#' }, Event::Tone { leg: B, tone: '#' }]);
}
