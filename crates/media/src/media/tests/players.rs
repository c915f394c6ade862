use super::*;
use crate::codec::g711::encode_ulaw;

fn play(world: &mut World, audio: Arc<Audio>, looped: bool, paused: bool) {
    world.command(Command::Player { player: PLAYER, looped, paused, waits: false });
    world.command(Command::Wire { from: Unit::Player(PLAYER), to: A });
    world.command(Command::Load { player: PLAYER, audio: Ok(audio), again: None });
}

fn listening() -> World {
    let mut world = World::new();
    world.answer(A, &offer("198.51.100.1", 4000, "0"));
    world
}

#[test]
fn a_player_is_heard_every_20_ms_until_its_end() {
    let mut world = listening();
    play(&mut world, audio(90, 1000), false, false);
    assert_eq!(world.events(), [Event::Ready { player: PLAYER, duration_ms: 90 }, Event::Started { player: PLAYER, duration_ms: 90 }]);
    world.advance(200);
    let sent = world.sent();
    assert_eq!(sent.len(), 5);
    assert_eq!(sent[0].packet().payload, [encode_ulaw(1000); 160]);
    assert_eq!(sent[4].packet().payload[79..81], [encode_ulaw(1000), encode_ulaw(0)]);
    for pair in sent.windows(2) {
        assert_eq!(pair[1].packet().sequence, pair[0].packet().sequence.wrapping_add(1));
        assert_eq!(pair[1].packet().timestamp, pair[0].packet().timestamp.wrapping_add(160));
    }
    assert_eq!(world.events(), [Event::Finished { player: PLAYER, error: None }]);
    assert_eq!(world.media.players(), 0);
}

#[test]
fn markers_count_from_the_beginning_or_from_the_end() {
    let mut world = listening();
    play(&mut world, audio(1000, 5), false, true);
    for offset_ms in [-300, 100, 5000, 1000] {
        world.command(Command::Mark { player: PLAYER, offset_ms });
    }
    world.command(Command::Resume { player: PLAYER });
    world.events();
    world.advance(120);
    assert_eq!(world.events(), [Event::Marked { player: PLAYER, offset_ms: 100 }]);
    world.advance(580);
    assert_eq!(world.events(), []);
    world.advance(400);
    let ends = [Event::Marked { player: PLAYER, offset_ms: -300 }, Event::Marked { player: PLAYER, offset_ms: 1000 }];
    let finished = [Event::Finished { player: PLAYER, error: None }];
    assert_eq!(world.events(), [&ends[..], &finished[..]].concat());
}

#[test]
fn a_paused_player_waits() {
    let mut world = listening();
    play(&mut world, audio(100, 5), false, true);
    assert_eq!(world.events(), [Event::Ready { player: PLAYER, duration_ms: 100 }]);
    world.advance(400);
    assert!(world.sent().is_empty());
    world.command(Command::Resume { player: PLAYER });
    assert_eq!(world.events(), [Event::Started { player: PLAYER, duration_ms: 100 }]);
    world.advance(50);
    world.command(Command::Pause { player: PLAYER });
    world.advance(300);
    assert_eq!(world.sent().len(), 2);
    world.command(Command::Resume { player: PLAYER });
    world.advance(200);
    assert_eq!((world.sent().len(), world.events()), (3, vec![Event::Finished { player: PLAYER, error: None }]));
}

#[test]
fn a_loop_has_no_end_but_its_stop() {
    let mut world = listening();
    play(&mut world, audio(30, 5), true, false);
    world.events();
    world.advance(2000);
    assert!(world.sent().iter().all(|sent| sent.packet().payload == [encode_ulaw(5); 160]));
    world.command(Command::Stop { player: PLAYER });
    world.advance(200);
    assert!(world.sent().is_empty() && world.events().is_empty());
}

#[test]
fn what_never_ends_goes_on_from_where_it_says() {
    let mut world = listening();
    let samples = [[100; 160], [200; 160], [300; 160]].concat();
    world.command(Command::Player { player: PLAYER, looped: false, paused: false, waits: false });
    world.command(Command::Wire { from: Unit::Player(PLAYER), to: A });
    world.command(Command::Load { player: PLAYER, audio: Ok(Arc::new(Audio { rate: 8000, samples })), again: Some(160) });
    world.advance(140);
    let first: Vec<u8> = world.sent().iter().map(|sent| sent.packet().payload[0]).collect();
    assert_eq!(first, [100, 200, 300, 200, 300, 200, 300].map(encode_ulaw));
}

#[test]
fn a_player_without_sound_finishes_with_the_reason() {
    let mut world = listening();
    world.command(Command::Player { player: PLAYER, looped: false, paused: false, waits: false });
    world.command(Command::Load { player: PLAYER, audio: Err("404".into()), again: None });
    assert_eq!(world.events(), [Event::Finished { player: PLAYER, error: Some("404".into()) }]);
    play(&mut world, audio(0, 0), true, false);
    world.advance(40);
    assert_eq!(world.events().last(), Some(&Event::Finished { player: PLAYER, error: None }));
}

#[test]
fn the_source_before_does_not_come_back() {
    let mut world = World::new();
    let (_, b) = bridge(&mut world, "0");
    play(&mut world, audio(100, 5), false, false);
    world.advance(100);
    world.sent();
    world.speaks(b, PHONE_B, 0, 1);
    assert!(world.sent().is_empty());
    world.command(wire(B, A));
    world.speaks(b, PHONE_B, 0, 2);
    assert_eq!(world.sent().len(), 1);
}

#[test]
fn numbers_go_on_from_a_player_to_a_leg() {
    let mut world = World::new();
    let (a, b) = bridge(&mut world, "0");
    play(&mut world, audio(100, 5), false, false);
    world.advance(150);
    world.command(wire(B, A));
    for number in 1..4 {
        world.speaks(b, PHONE_B, 0, number);
    }
    let sent: Vec<Sent> = world.sent().into_iter().filter(|sent| sent.port == a).collect();
    assert_eq!(sent.len(), 8);
    assert!(sent.windows(2).all(|pair| pair[1].packet().sequence == pair[0].packet().sequence.wrapping_add(1)));
    assert_eq!(sent[5].packet().timestamp, sent[4].packet().timestamp.wrapping_add(70 * 8));
    assert!(sent[5].packet().marker && !sent[6].packet().marker);
}

#[test]
fn one_player_is_heard_by_many_legs() {
    let mut world = World::with(20_000, 20_999);
    play(&mut world, audio(40, 5), false, false);
    for leg in 1..=200 {
        world.answer(LegId(leg), &offer("198.51.100.1", u16::try_from(leg).unwrap() + 4000, if leg % 2 == 0 { "0" } else { "8" }));
        world.command(Command::Wire { from: Unit::Player(PLAYER), to: LegId(leg) });
    }
    world.advance(100);
    assert_eq!(world.sent().len(), 400);
}

#[test]
fn a_leap_of_the_clock_sends_no_flood() {
    let mut world = listening();
    play(&mut world, audio(60_000, 5), false, false);
    world.advance(100);
    world.sent();
    world.pass(3_600_000);
    world.media.tick(world.now);
    world.drain();
    assert!(world.sent().len() < 5);
}

#[test]
fn what_waits_for_an_answer_begins_with_it_or_with_somebody_else() {
    let mut world = World::new();
    world.command(Command::Offer { leg: A, web: false });
    let waiting = |world: &mut World| {
        world.command(Command::Player { player: PLAYER, looped: false, paused: false, waits: true });
        world.command(Command::Wire { from: Unit::Player(PLAYER), to: A });
        world.command(Command::Load { player: PLAYER, audio: Ok(audio(60, 9)), again: None });
        world.advance(1_000);
    };
    waiting(&mut world);
    assert!(world.sent().is_empty() && !world.events().contains(&Event::Started { player: PLAYER, duration_ms: 60 }));
    // Nobody hears it any more, so nobody is waited for.
    world.command(Command::Unwire { from: Unit::Player(PLAYER), to: A });
    world.advance(100);
    assert_eq!(world.events(), [Event::Started { player: PLAYER, duration_ms: 60 }, Event::Finished { player: PLAYER, error: None }]);
    waiting(&mut world);
    world.command(Command::Take { leg: A, answer: offer("198.51.100.1", 4000, "0").into(), source: ip("198.51.100.1") });
    world.advance(100);
    assert_eq!(world.sent().len(), 3);
    // A peer that holds is not waited for.
    world.command(Command::Answer { leg: A, offer: (offer("198.51.100.1", 4000, "0") + "a=inactive\r\n").into(), source: ip("198.51.100.1") });
    world.events();
    waiting(&mut world);
    assert!(world.events().contains(&Event::Finished { player: PLAYER, error: None }));
}
