use super::*;
use crate::rtcp;

#[test]
fn a_leg_that_hears_nothing_sends_silence_until_it_is_spoken_to() {
    let mut world = World::new();
    let port = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world.advance(2000);
    let sent: Vec<Sent> = world.sent().into_iter().filter(|sent| sent.port == port).collect();
    assert!((3..=4).contains(&sent.len()) && sent.iter().all(|sent| sent.packet().payload == [0xff; 160]), "{}", sent.len());
    world.speaks(port, PHONE_A, 0, 1);
    world.advance(14_000);
    assert_eq!(world.sent().iter().filter(|sent| sent.port == port).count(), 0);
    world.advance(2000);
    assert_eq!(world.sent().iter().filter(|sent| sent.port == port).count(), 1);
}

#[test]
fn reports_are_sent_about_every_five_seconds() {
    let mut world = World::new();
    let port = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    for number in 0..3000 {
        if number % 4 != 3 {
            world.advance(20);
            world.hears(port, PHONE_A, &packet(0, number, &[0; 160]));
        } else {
            world.advance(20);
        }
    }
    let reports: Vec<Sent> = world.sent().into_iter().filter(|sent| sent.port == port + 1).collect();
    assert!((9..=18).contains(&reports.len()), "{}", reports.len());
    for report in &reports {
        assert_eq!((report.to.to_string().as_str(), report.bytes[1]), ("198.51.100.1:4001", 200));
        assert!(rtcp::parse(&report.bytes, 0).is_some());
        // A quarter is lost.
        assert!((60..=68).contains(&report.bytes[32]), "{}", report.bytes[32]);
    }
    world.events();
    world.command(Command::Close { leg: A });
    let farewell = world.sent();
    assert!(rtcp::parse(&farewell[0].bytes, 0).unwrap().goodbye);
    let [Event::Closed { statistics, .. }] = world.events()[..] else { panic!() };
    assert_eq!((statistics.received, statistics.lost), (2250, 749));
    assert!(statistics.jitter_ms < 0.1 && statistics.sent > 0);
}

#[test]
fn reports_over_one_port_go_where_sound_goes() {
    let mut world = World::new();
    let port = world.answer(A, &format!("{}a=rtcp-mux\r\n", offer("198.51.100.1", 4000, "0")));
    world.hears_bytes(port, PHONE_A, &[0x80, 200, 0, 6, 0, 0, 0, 7, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    world.speaks(port, PHONE_A, 0, 1);
    world.advance(8000);
    let reports: Vec<Sent> = world.sent().into_iter().filter(|sent| sent.bytes[1] == 200).collect();
    assert_eq!((reports[0].port, reports[0].to.to_string().as_str()), (port, PHONE_A));
    assert_eq!(reports[0].bytes[44..48], [3, 4, 5, 6]);
}

#[test]
fn seven_seconds_without_a_packet_are_silence() {
    let mut world = World::new();
    let port = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world.advance(20_000);
    assert_eq!(world.events(), []);
    world.speaks(port, PHONE_A, 0, 1);
    world.advance(6900);
    assert_eq!(world.events(), [Event::FirstPacket { leg: A }]);
    world.advance(600);
    assert_eq!(world.events(), [Event::Silent { leg: A, on: true }]);
    world.advance(60_000);
    world.speaks(port, PHONE_A, 0, 2);
    assert_eq!(world.events(), [Event::Silent { leg: A, on: false }]);
}

#[test]
fn a_peer_of_opus_that_loses_packets_is_sent_redundancy() {
    let mut world = World::new();
    let a = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    let b = world.answer(B, &offer("198.51.100.2", 5000, "111").replace("101 telephone-event/8000", "111 opus/48000/2"));
    world.command(wire(A, B));
    let ssrc = world.media.legs.by_id(B).unwrap().stream.ssrc;
    let mut number = 0;
    // How many of a hundred packets carry the one before a second time: the bit after that of activity (RFC 6716 §4.2.4).
    let mut redundant = |world: &mut World, lost: u8, about: u32| {
        let mut report = vec![0x81, 201, 0, 7, 0, 0, 0, 7];
        report.extend(about.to_be_bytes());
        report.push(lost);
        report.extend([0; 19]);
        world.hears_bytes(b + 1, "198.51.100.2:5001", &report);
        world.sent();
        for _ in 0..100u32 {
            world.advance(20);
            let speech: Vec<u8> = (0..160)
                .map(|place| {
                    let at = f64::from(number * 160 + place) / 8000.0;
                    let voice = (1..9).map(|harmonic| (std::f64::consts::TAU * 140.0 * f64::from(harmonic) * at).sin()).sum::<f64>();
                    crate::codec::g711::encode_ulaw((voice * (at * 20.0).sin() * 3000.0) as i16)
                })
                .collect();
            world.hears(a, PHONE_A, &Packet { timestamp: number * 160, ..packet(0, u16::try_from(number).unwrap(), &speech) });
            number += 1;
        }
        let sent = world.sent();
        let packets = sent.iter().filter(|sent| sent.port == b && sent.packet().payload_type == 111);
        packets.filter(|sent| sent.packet().payload.get(1).is_some_and(|byte| byte & 0x40 != 0)).count()
    };
    assert_eq!(redundant(&mut world, 0, ssrc), 0);
    assert_eq!(redundant(&mut world, 200, ssrc ^ 1), 0, "another stream's");
    for _ in 0..3 {
        redundant(&mut world, 64, ssrc);
    }
    let most = redundant(&mut world, 64, ssrc);
    assert!(most > 60, "{most}");
    for _ in 0..20 {
        world.hears_bytes(b + 1, "198.51.100.2:5001", &[&[0x81, 201, 0, 7, 0, 0, 0, 7][..], &ssrc.to_be_bytes(), &[0; 20]].concat());
    }
    assert_eq!(redundant(&mut world, 0, ssrc), 0);
}

#[test]
fn one_bad_report_counts_little_and_no_report_too_much() {
    let mut world = World::new();
    world.answer(A, &offer("198.51.100.1", 4000, "0"));
    let leg = world.media.legs.by_id(A).unwrap();
    leg.lose(255);
    assert!(leg.loss < 8.0, "{}", leg.loss);
    for _ in 0..100 {
        leg.lose(255);
    }
    assert!((29.0..=30.0).contains(&leg.loss), "{}", leg.loss);
    for _ in 0..100 {
        leg.lose(0);
    }
    assert!(leg.loss < 0.1);
}
