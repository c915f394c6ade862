use super::*;
use crate::{codec::g711::ULAW_TO_ALAW, event::Payload};

#[test]
fn what_one_leg_says_the_other_hears_at_once() {
    let mut world = World::new();
    let (a, b) = bridge(&mut world, "0 101");
    world.sent();
    let mut last: Option<(u16, u32)> = None;
    for number in 100..110 {
        world.speaks(a, PHONE_A, 0, number);
        let sent = world.sent();
        assert_eq!((sent.len(), sent[0].port, sent[0].to.to_string().as_str()), (1, b, PHONE_B));
        let packet = sent[0].packet();
        assert_eq!((packet.payload, packet.payload_type, packet.marker), (&[u8::try_from(number).unwrap(); 160][..], 0, last.is_none()));
        assert_ne!(packet.ssrc, 55);
        if let Some((sequence, timestamp)) = last {
            assert_eq!((packet.sequence, packet.timestamp), (sequence.wrapping_add(1), timestamp.wrapping_add(160)));
        }
        last = Some((packet.sequence, packet.timestamp));
    }
}

#[test]
fn the_law_is_changed_between_legs_of_different_laws() {
    let mut world = World::new();
    let (a, _) = bridge(&mut world, "8 101");
    world.sent();
    world.speaks(a, PHONE_A, 0, 100);
    let sent = world.sent();
    assert_eq!((sent[0].packet().payload_type, sent[0].packet().payload), (8, &[ULAW_TO_ALAW[100]; 160][..]));
}

#[test]
fn a_leg_may_hear_itself() {
    let mut world = World::new();
    let a = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world.command(wire(A, A));
    world.speaks(a, PHONE_A, 0, 1);
    assert_eq!(world.sent().last().unwrap().to.to_string(), PHONE_A);
}

#[test]
fn wires_are_remembered_before_there_are_legs() {
    let mut world = World::new();
    world.command(wire(A, B));
    world.command(wire(A, A));
    let a = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world.answer(B, &offer("198.51.100.2", 5000, "0"));
    world.sent();
    world.speaks(a, PHONE_A, 0, 1);
    assert_eq!(world.sent().len(), 2);
    world.command(Command::Unwire { from: Unit::Leg(B), to: B });
    world.command(Command::Unwire { from: Unit::Leg(A), to: A });
    world.speaks(a, PHONE_A, 0, 2);
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn a_leg_hears_one_source() {
    let mut world = World::new();
    let (a, b) = bridge(&mut world, "0");
    world.command(wire(B, B));
    world.sent();
    world.speaks(a, PHONE_A, 0, 1);
    assert!(world.sent().is_empty());
    world.speaks(b, PHONE_B, 0, 1);
    assert_eq!(world.sent().len(), 2);
}

#[test]
fn a_closed_leg_is_neither_heard_nor_sent_to() {
    let mut world = World::new();
    let (a, b) = bridge(&mut world, "0");
    world.speaks(a, PHONE_A, 0, 1);
    world.command(Command::Close { leg: A });
    world.sent();
    world.speaks(b, PHONE_B, 0, 1);
    world.hears(a, PHONE_A, &packet(0, 2, &[0; 160]));
    assert!(world.sent().is_empty());
    assert_eq!(world.media.legs(), 1);
}

#[test]
fn keys_are_told_once_and_taken_out() {
    let mut world = World::new();
    let (a, _) = bridge(&mut world, "0 101");
    world.command(Command::Tones { leg: A, on: true });
    world.speaks(a, PHONE_A, 0, 1);
    world.events();
    world.sent();
    for end in [false, false, true, true, true] {
        let bytes = Payload { code: 5, end, volume: 10, duration: 320 }.bytes();
        world.hears(a, PHONE_A, &packet(101, 2, &bytes));
    }
    assert_eq!(world.events(), [Event::Tone { leg: A, tone: '5' }]);
    assert!(world.sent().is_empty());
}

#[test]
fn keys_pass_on_when_they_are_not_asked_for() {
    let mut world = World::new();
    let (a, _) = bridge(&mut world, "0 97");
    world.sent();
    world.hears(a, PHONE_A, &packet(101, 2, &[5, 10, 0, 160]));
    assert!(world.sent().is_empty(), "the other end understands no keys");
    let text = offer("198.51.100.2", 5000, "0 97").replace("101 tele", "97 tele");
    world.command(Command::Answer { leg: B, offer: text.into(), source: ip("198.51.100.2") });
    world.hears(a, PHONE_A, &packet(101, 3, &[5, 10, 0, 160]));
    let sent = world.sent();
    assert_eq!((sent[0].packet().payload_type, sent[0].packet().payload), (97, &[5, 10, 0, 160][..]));
    assert!(world.events().iter().all(|event| !matches!(event, Event::Tone { .. })));
}

#[test]
fn a_sender_that_begins_anew_goes_on_for_the_hearer() {
    let mut world = World::new();
    let (a, _) = bridge(&mut world, "0");
    world.speaks(a, PHONE_A, 0, 100);
    world.sent();
    world.advance(20);
    world.hears(a, PHONE_A, &Packet { ssrc: 56, ..packet(0, 9000, &[1; 160]) });
    let first = world.sent().remove(0);
    world.advance(20);
    world.hears(a, PHONE_A, &Packet { ssrc: 56, ..packet(0, 9001, &[1; 160]) });
    let second = world.sent().remove(0);
    assert!(first.packet().marker && !second.packet().marker);
    assert_eq!(second.packet().sequence, first.packet().sequence.wrapping_add(1));
}

#[test]
fn digits_are_sent_to_who_understands_them() {
    let mut world = World::new();
    let (a, b) = bridge(&mut world, "0 101");
    world.speaks(b, PHONE_B, 0, 1);
    world.sent();
    world.command(Command::Digits { leg: A, digits: "1p#".into() });
    for number in 2..100 {
        world.speaks(b, PHONE_B, 0, number);
    }
    let sent: Vec<Sent> = world.sent().into_iter().filter(|sent| sent.port == a).collect();
    let events: Vec<&Sent> = sent.iter().filter(|sent| sent.packet().payload_type == 101).collect();
    assert_eq!(events.len(), 16);
    let mut receiver = crate::event::Receiver::default();
    let told: String = events.iter().filter_map(|sent| receiver.receive(1, sent.packet().timestamp, 8000, sent.packet().payload)).collect();
    assert_eq!(told, "1#");
    for pair in sent.windows(2) {
        assert_eq!(pair[1].packet().sequence, pair[0].packet().sequence.wrapping_add(1));
    }
    assert_eq!(sent.last().unwrap().packet().payload_type, 0);
}

#[test]
fn digits_to_who_does_not_understand_them_are_refused() {
    let mut world = World::new();
    world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world.command(Command::Digits { leg: A, digits: "1".into() });
    assert_eq!(world.events(), [Event::DigitsRefused { leg: A }]);
}

fn opus_offer() -> String {
    offer("198.51.100.2", 5000, "111").replace("a=rtpmap:101 telephone-event/8000", "a=rtpmap:111 opus/48000/2")
}

#[test]
fn a_leg_of_opus_and_one_of_g711_hear_each_other() {
    let mut world = World::new();
    let a = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    let b = world.answer(B, &opus_offer());
    world.command(wire(A, B));
    world.command(wire(B, A));
    world.sent();
    let mut encoder = crate::codec::opus::Encoder::new(8000, 16_000).unwrap();
    let tone = |place: usize| (8000.0 * (std::f64::consts::TAU * 400.0 * place as f64 / 8000.0).sin()) as i16;
    for number in 0..100u16 {
        world.advance(20);
        let samples: Vec<i16> = (0..160).map(|place| tone(usize::from(number) * 160 + place)).collect();
        let ulaw: Vec<u8> = samples.iter().map(|sample| crate::codec::g711::encode_ulaw(*sample)).collect();
        world.hears(a, PHONE_A, &packet(0, number, &ulaw));
        let opus = encoder.encode(&samples).unwrap().to_vec();
        world.hears(b, PHONE_B, &Packet { timestamp: u32::from(number) * 960, ..packet(111, number, &opus) });
    }
    let sent = world.sent();
    let mut decoder = crate::codec::opus::Decoder::new(8000).unwrap();
    let heard_b: Vec<i16> = sent.iter().filter(|sent| sent.port == b).flat_map(|sent| decoder.decode(sent.packet().payload).unwrap().to_vec()).collect();
    let heard_a: Vec<i16> =
        sent.iter().filter(|sent| sent.port == a).flat_map(|sent| sent.packet().payload.to_vec()).map(|byte| crate::codec::g711::ULAW[usize::from(byte)]).collect();
    for heard in [heard_a, heard_b] {
        assert!((90 * 160..=100 * 160).contains(&heard.len()), "{}", heard.len());
        let middle = &heard[4000..12_000];
        let crossings = middle.windows(2).filter(|pair| (pair[0] < 0) != (pair[1] < 0)).count();
        assert!((790..=810).contains(&crossings), "{crossings}");
        let loudest = middle.iter().map(|sample| sample.unsigned_abs()).max().unwrap();
        assert!((6500..9500).contains(&loudest), "{loudest}");
    }
    let timestamps: Vec<u32> = sent.iter().filter(|sent| sent.port == b).map(|sent| sent.packet().timestamp).collect();
    assert!(timestamps.windows(2).skip(1).all(|pair| pair[1].wrapping_sub(pair[0]) == 960));
    world.advance(3000);
    assert!(world.media.tapped.is_empty());
}
