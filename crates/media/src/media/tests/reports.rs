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
        assert!(rtcp::parse(&report.bytes).is_some());
        // A quarter is lost.
        assert!((60..=68).contains(&report.bytes[32]), "{}", report.bytes[32]);
    }
    world.events();
    world.command(Command::Close { leg: A });
    let farewell = world.sent();
    assert!(rtcp::parse(&farewell[0].bytes).unwrap().goodbye);
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
