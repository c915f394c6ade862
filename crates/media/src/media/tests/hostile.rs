use proptest::prelude::*;

use super::*;

const STRANGER: &str = "203.0.113.66:4000";

#[test]
fn a_stranger_is_neither_heard_nor_answered() {
    let mut world = World::new();
    let (a, _) = bridge(&mut world, "0");
    world.sent();
    for from in [STRANGER, "198.51.100.1:4001", PHONE_B] {
        world.speaks(a, from, 0, 1);
        world.hears_bytes(a + 1, from, &[0x80, 201, 0, 1, 0, 0, 0, 7]);
    }
    assert!(world.sent().is_empty() && world.events().is_empty());
    world.speaks(a, PHONE_A, 0, 1);
    assert_eq!((world.sent().len(), world.events()), (1, vec![Event::FirstPacket { leg: A }]));
    world.speaks(a, STRANGER, 0, 2);
    assert!(world.sent().is_empty());
}

#[test]
fn a_phone_behind_nat_is_latched_where_it_speaks() {
    let mut world = World::new();
    world.command(Command::Answer { leg: A, offer: offer("10.0.0.5", 4000, "0").into(), source: ip("198.51.100.1") });
    let port = *world.bound.first().unwrap();
    world.command(wire(A, A));
    world.speaks(port, STRANGER, 0, 1);
    assert!(world.sent().is_empty());
    world.speaks(port, "198.51.100.1:61000", 0, 1);
    assert_eq!(world.sent()[0].to.to_string(), "198.51.100.1:61000");
    world.speaks(port, "198.51.100.1:61001", 0, 2);
    assert!(world.sent().is_empty(), "after the latch nothing moves");
    world.command(Command::Answer { leg: A, offer: offer("10.0.0.5", 4002, "0").into(), source: ip("198.51.100.1") });
    world.speaks(port, "198.51.100.1:61001", 0, 3);
    assert_eq!(world.sent()[0].to.to_string(), "198.51.100.1:61001");
}

#[test]
fn a_description_of_the_same_address_keeps_the_latch() {
    let mut world = World::new();
    let port = world.answer(A, &offer("10.0.0.5", 4000, "0"));
    world.command(wire(A, A));
    world.speaks(port, "198.51.100.1:61000", 0, 1);
    world.answer(A, &offer("10.0.0.5", 4000, "0"));
    world.sent();
    world.speaks(port, "198.51.100.1:61001", 0, 2);
    assert!(world.sent().is_empty());
}

#[test]
fn damaged_and_unknown_packets_are_thrown_away() {
    let mut world = World::new();
    let (a, b) = bridge(&mut world, "0");
    world.sent();
    for bytes in [&[][..], &[0x80], &[0x80; 11], &[0x40; 172], &[0x8f; 20], &[0xb0; 30]] {
        world.hears_bytes(a, PHONE_A, bytes);
    }
    world.speaks(a, PHONE_A, 18, 1);
    world.speaks(a, PHONE_A, 127, 1);
    world.hears(9, PHONE_A, &packet(0, 1, &[0; 160]));
    world.hears(b + 1, PHONE_B, &packet(0, 1, &[0; 160]));
    assert!(world.sent().is_empty() && world.events().is_empty());
}

#[test]
fn a_port_that_rests_hears_nothing() {
    let mut world = World::with(20_000, 20_001);
    let port = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world.command(Command::Close { leg: A });
    world.events();
    world.command(Command::Offer { leg: B, web: false });
    assert!(matches!(world.events()[..], [Event::Refused { status: 503, .. }]));
    world.speaks(port, PHONE_A, 0, 1);
    world.advance(10_000);
    world.command(Command::Offer { leg: B, web: false });
    assert!(world.description().contains("m=audio 20000"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_commands_and_packets_leave_nothing_behind(steps in prop::collection::vec((0u8..18, 1u64..5, 1u64..5, any::<u16>()), 1..80)) {
        let mut world = World::with(20_000, 20_011);
        world.foreign.insert(20_004);
        for (step, one, two, number) in steps {
            let (leg, player) = (LegId(one), PlayerId(two));
            let text = offer("198.51.100.1", 4000 + u16::try_from(one).unwrap(), ["0 101", "8", "18", "0 8", "111 110"][usize::from(number % 5)]);
            let text = text + "a=rtpmap:111 opus/48000/2\r\na=rtpmap:110 telephone-event/48000\r\n";
            let source = ip("198.51.100.1");
            match step {
                0 | 1 => world.command(Command::Answer { leg, offer: text.into(), source }),
                2 => world.command(Command::Offer { leg, web: number % 5 == 0 }),
                3 => world.command(Command::Take { leg, answer: text.into(), source }),
                4 => world.command(Command::Close { leg }),
                5 => world.command(wire(leg, LegId(two))),
                6 => world.command(Command::Wire { from: Unit::Player(player), to: leg }),
                7 => world.command(Command::Unwire { from: Unit::Player(player), to: leg }),
                8 => world.command(Command::Player { player, looped: number % 2 == 0, paused: number % 3 == 0, waits: number % 5 == 0 }),
                9 => world.command(Command::Load { player, audio: if number % 7 == 0 { Err("no".into()) } else { Ok(audio(usize::from(number % 300), 9)) }, again: (number % 11 == 0).then_some(usize::from(number)) }),
                10 => world.command(if number % 2 == 0 { Command::Pause { player } } else { Command::Resume { player } }),
                11 => world.command(Command::Mark { player, offset_ms: i64::from(number) - 30_000 }),
                12 => world.command(Command::Digits { leg, digits: "12#p".into() }),
                13 => world.command(Command::Tones { leg, on: number % 2 == 0 }),
                14 => world.advance(u64::from(number % 3000)),
                15 => world.command(Command::Connected { leg }),
                _ => {
                    let kind = [0, 101, 110, 111, 13][usize::from(number % 5)];
                    for port in world.bound.clone() {
                        let from = format!("198.51.100.1:{}", 4000 + one);
                        world.hears(port, &from, &packet(kind, number, &[5, 10, 0, 160]));
                    }
                }
            }
        }
        for number in 1..5 {
            world.command(Command::Close { leg: LegId(number) });
            world.command(Command::Stop { player: PlayerId(number) });
        }
        prop_assert!(world.bound.is_empty());
        prop_assert_eq!((world.media.legs(), world.media.players(), world.media.deadline()), (0, 0, None));
        world.advance(10_000);
    }
}
