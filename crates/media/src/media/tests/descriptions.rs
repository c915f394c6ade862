use super::*;

fn refusal(events: &[Event]) -> (u16, &str) {
    match events {
        [Event::Refused { status, reason, .. }] => (*status, reason),
        _ => panic!("{events:?}"),
    }
}

#[test]
fn a_leg_takes_an_even_port_and_the_odd_one_above() {
    let mut world = World::new();
    let port = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    assert!(port.is_multiple_of(2) && world.bound == [port, port + 1].into());
    world.command(Command::Close { leg: A });
    assert!(world.bound.is_empty());
    assert!(matches!(world.events()[..], [Event::Closed { leg: A, .. }]));
    assert_eq!((world.media.legs(), world.media.deadline()), (0, None));
}

#[test]
fn a_multiplexed_leg_takes_one_port() {
    let mut world = World::new();
    let port = world.answer(A, &format!("{}a=rtcp-mux\r\n", offer("198.51.100.1", 4000, "0")));
    assert_eq!(world.bound, [port].into());
}

#[test]
fn a_port_of_another_program_is_passed_over() {
    let mut world = World::with(20_000, 20_003);
    world.foreign.insert(20_001);
    let port = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    assert_eq!((port, world.bound.clone()), (20_002, [20_002, 20_003].into()));
}

#[test]
fn without_ports_the_answer_is_503() {
    let mut world = World::with(20_000, 20_003);
    world.foreign.extend([20_001, 20_002]);
    world.command(Command::Answer { leg: A, offer: offer("198.51.100.1", 4000, "0").into(), source: ip("198.51.100.1") });
    assert_eq!(refusal(&world.events()), (503, "No media port could be bound"));
    world.command(Command::Offer { leg: B, web: false });
    assert_eq!(refusal(&world.events()), (503, "All media ports are taken"));
    assert!(world.bound.is_empty() && world.media.legs() == 0);
}

#[test]
fn without_descriptors_no_other_port_is_tried_or_set_aside() {
    let mut world = World::with(20_000, 20_003);
    world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world.asked = 0;
    for (descriptors, asked) in [(2, 2), (3, 2)] {
        world.descriptors = descriptors;
        for _ in 0..10 {
            world.command(Command::Answer { leg: B, offer: offer("198.51.100.1", 4000, "0").into(), source: ip("198.51.100.1") });
            assert_eq!(refusal(&world.events()), (503, "No media port could be bound: Too many open files"));
            assert_eq!((std::mem::take(&mut world.asked), world.bound.len(), world.media.legs()), (asked, 2, 1));
        }
    }
    world.descriptors = 4;
    world.answer(B, &offer("198.51.100.1", 4000, "0"));
}

#[test]
fn a_refused_offer_takes_no_port() {
    let mut world = World::new();
    world.command(Command::Answer { leg: A, offer: offer("198.51.100.1", 4000, "18").into(), source: ip("198.51.100.1") });
    assert_eq!(refusal(&world.events()), (488, "No common codec: g729/8000 offered, PCMU, PCMA and Opus understood"));
    world.command(Command::Answer { leg: A, offer: b"hello".to_vec(), source: ip("198.51.100.1") });
    assert_eq!(refusal(&world.events()).0, 400);
    world.command(Command::Offer { leg: A, web: true });
    assert_eq!(refusal(&world.events()), (488, "DTLS is switched off"));
    world.command(Command::Take { leg: A, answer: offer("198.51.100.1", 4000, "0").into(), source: ip("198.51.100.1") });
    assert_eq!(refusal(&world.events()), (488, "There is no offer to answer"));
    assert!(world.bound.is_empty() && world.media.legs() == 0);
}

#[test]
fn an_offer_that_changes_nothing_is_answered_with_the_same_text() {
    let mut world = World::new();
    world.answer(A, &offer("198.51.100.1", 4000, "0"));
    let again = |world: &mut World, text: &str| {
        world.command(Command::Answer { leg: A, offer: text.into(), source: ip("198.51.100.1") });
        world.description()
    };
    let first = again(&mut world, &offer("198.51.100.1", 4000, "0"));
    assert_eq!(first, again(&mut world, &offer("198.51.100.1", 4000, "0")));
    let other = again(&mut world, &offer("198.51.100.1", 4000, "8"));
    let version = |text: &str| text.split(' ').nth(2).unwrap().parse::<u64>().unwrap();
    assert_eq!(version(&other), version(&first) + 1);
}

#[test]
fn hold_and_its_end_are_told() {
    let mut world = World::new();
    world.answer(A, &offer("198.51.100.1", 4000, "0"));
    for (direction, on) in [("a=sendonly", true), ("a=inactive", true), ("a=sendrecv", false)] {
        let text = format!("{}{direction}\r\n", offer("198.51.100.1", 4000, "0"));
        world.command(Command::Answer { leg: A, offer: text.into(), source: ip("198.51.100.1") });
        let events = world.events();
        let held: Vec<bool> = events.iter().filter_map(|event| if let Event::Held { on, .. } = event { Some(*on) } else { None }).collect();
        assert_eq!(held, if direction == "a=inactive" { vec![] } else { vec![on] });
    }
}

#[test]
fn a_held_leg_is_sent_nothing() {
    let mut world = World::new();
    let (a, _) = bridge(&mut world, "0");
    let text = format!("{}a=inactive\r\n", offer("198.51.100.2", 5000, "0"));
    world.command(Command::Answer { leg: B, offer: text.into(), source: ip("198.51.100.2") });
    world.sent();
    world.speaks(a, PHONE_A, 0, 1);
    assert!(world.sent().iter().all(|sent| sent.to.to_string() != PHONE_B));
}

#[test]
fn an_offer_that_cannot_be_taken_leaves_the_leg_as_it_was() {
    let mut world = World::new();
    let (a, _) = bridge(&mut world, "0");
    world.command(Command::Answer { leg: B, offer: offer("198.51.100.2", 5000, "18").into(), source: ip("198.51.100.2") });
    assert_eq!(refusal(&world.events()).0, 488);
    world.speaks(a, PHONE_A, 0, 1);
    assert!(world.sent().iter().any(|sent| sent.to.to_string() == PHONE_B));
}

#[test]
fn what_we_offer_is_agreed_by_its_answer_and_the_same_again() {
    let mut world = World::new();
    world.command(Command::Offer { leg: A, web: false });
    assert!(world.description().contains("RTP/AVP 0 8 111 101 110\r\n"));
    for _ in 0..2 {
        world.command(Command::Take { leg: A, answer: offer("198.51.100.1", 4000, "8").into(), source: ip("198.51.100.1") });
        assert_eq!(world.events(), [Event::Agreed { leg: A, encrypted: false }]);
    }
    world.command(Command::Offer { leg: A, web: false });
    assert!(world.description().contains("RTP/AVP 0 8 101\r\n"));
}

#[test]
fn a_phone_that_has_opus_alone_is_heard_and_offered_it_again() {
    let mut world = World::new();
    world.command(Command::Offer { leg: A, web: false });
    world.description();
    let answer = offer("198.51.100.1", 4000, "111") + "a=rtpmap:111 opus/48000/2\r\n";
    world.command(Command::Take { leg: A, answer: answer.into(), source: ip("198.51.100.1") });
    assert_eq!(world.events(), [Event::Agreed { leg: A, encrypted: false }]);
    world.command(Command::Offer { leg: A, web: false });
    assert!(world.description().contains("RTP/AVP 0 8 111 101 110\r\n"));
}

#[test]
fn a_leg_that_is_closed_while_its_ports_are_bound_is_closed() {
    let mut world = World::new();
    world.media.command(world.now, Command::Offer { leg: A, web: false });
    world.media.command(world.now, Command::Close { leg: A });
    world.drain();
    assert!(matches!(world.events()[..], [Event::Closed { .. }]));
}

#[test]
fn a_port_that_is_lost_later_breaks_its_leg() {
    let mut world = World::new();
    let port = world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world.media.bound(world.now, port, Err(Unbound::Failed("Network is down".into())));
    world.drain();
    assert!(matches!(&world.events()[..], [Event::Broken { leg: A, reason }] if reason.contains("Network is down")));
}
