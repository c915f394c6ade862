//! Ends of calls that somebody does not hear of.

use super::*;

fn talking(world: &mut World, transport: sip::Transport) -> PhoneId {
    let alice = user(world, "alice", transport);
    rule(world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
    world.dial(alice, "echo");
    world.run(10_000);
    assert_eq!(world.ledger.connected, 1);
    world.phones[alice].seen.clear();
    alice
}

#[test]
fn a_peer_that_vanished_is_missed_asked_for_and_given_up() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    world.act(alice, Deed::Vanish);
    let began = world.passed_ms();
    world.run(66_000);
    assert_eq!(world.switch.calls(), 1);
    world.run(40_000);
    assert_eq!(world.switch.calls(), 0, "{}", world.passed_ms() - began);
    quiet(&mut world);
    assert_eq!(explained(&world), ["A call ended because of this: the peer is gone."]);
}

/// No packet, no BYE: 7 s until it is silent, 60 s until it is asked, 32 s until that is given up.
#[test]
fn a_called_peer_that_vanished_ends_the_joined_call_whatever_its_transport() {
    for transport in [Udp, Tcp, Ws] {
        let mut world = world();
        let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", transport));
        rule(&mut world, "bob", Plan { rings_ms: Some(0), places: vec![to_user("bob")], forwards: true, ..Plan::default() });
        world.dial(alice, "bob");
        world.run(10_000);
        assert_eq!((world.ledger.connected, world.audio.bridges()), (2, 1));
        world.act(bob, Deed::Vanish);
        world.run(60_000);
        assert_eq!(world.switch.calls(), 2, "it may come back");
        world.run(45_000);
        assert_eq!((world.switch.calls(), world.phones[alice].ends.as_slice()), (0, &["ended Bye".to_owned()][..]), "{transport:?}");
        quiet(&mut world);
        assert_eq!((explained(&world), rows(&world)), (vec!["A call ended because of this: the peer is gone."], vec!["Normal termination"]));
    }
}

#[test]
fn a_phone_that_was_started_again_knows_its_call_no_more() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    world.act(alice, Deed::Restart);
    quiet(&mut world);
    saw(&world, alice, "< OPTIONS, > 481");
    assert_eq!(explained(&world), ["A call ended because of this: the peer is gone."]);
}

#[test]
fn a_bye_that_is_lost_is_said_again() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    world.phones[alice].link.lost = 100;
    world.act(alice, Deed::HangUp(None));
    world.run(3_000);
    world.phones[alice].link.lost = 0;
    quiet(&mut world);
    assert_eq!(rows(&world), ["Normal termination"]);
    assert_eq!(explained(&world), Vec::<&str>::new());
}

/// All of its repetitions are lost.
#[test]
fn a_bye_that_never_comes_ends_the_call_by_silence() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    world.phones[alice].link.lost = 100;
    world.act(alice, Deed::HangUp(None));
    world.run(40_000);
    world.phones[alice].link.lost = 0;
    quiet(&mut world);
    saw_last(&world, alice, "< OPTIONS, > 481");
}

fn saw_last(world: &World, phone: PhoneId, expected: &str) {
    let all = world.phones[phone].messages().join(", ");
    assert!(all.ends_with(expected), "{all}");
}

#[test]
fn a_peer_that_only_is_silent_is_asked_each_minute_and_kept() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    let call = *world.phones[alice].calls.keys().next().unwrap();
    // Its audio is muted.
    let talk = world.phones[alice].calls.remove(&call).unwrap();
    world.audio_of(alice, None);
    world.run(7_000 + 200_000);
    assert_eq!((world.phones[alice].saw("< OPTIONS"), world.phones[alice].saw("> 200")), (3, 3));
    world.phones[alice].calls.insert(call, talk);
    world.audio_of(alice, None);
    world.run(300_000);
    assert_eq!((world.switch.calls(), world.phones[alice].saw("< OPTIONS")), (1, 3));
    world.act(alice, Deed::HangUp(None));
    quiet(&mut world);
}

#[test]
fn a_session_that_ends_takes_its_calls_with_it() {
    // Before the answer, while it is under way, and after it.
    for ends_ms in [100, 1_001, 1_002, 1_003, 1_005, 1_010, 5_000] {
        let mut world = world();
        let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Tcp));
        let plan = Plan { rings_ms: Some(0), answers_ms: Some(1_000), plays: true, places: vec![to_user("bob")], ends_ms: Some(ends_ms), ..Plan::default() };
        rule(&mut world, "echo", plan);
        world.dial(alice, "echo");
        quiet(&mut world);
        assert_eq!(world.phones[alice].ends.len(), 1, "{ends_ms}");
        assert!(world.phones[bob].calls.is_empty());
        assert_eq!(rows(&world), ["Normal termination"]);
    }
}

#[test]
fn audio_that_breaks_ends_the_call() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    assert!(world.break_a_leg());
    quiet(&mut world);
    saw(&world, alice, "< BYE, > 200");
    assert_eq!(explained(&world), ["The audio of a call broke: DTLS failed"]);
}

#[test]
fn a_machine_that_stood_still_catches_up() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    let bob = registered(&mut world, "bob", Udp);
    world.phones[bob].manner.then = Then::Nothing;
    world.begin_session(Mind::Plan(Plan { places: vec![to_user("bob")], ..Plan::default() }), false);
    world.run(1_000);
    world.stand_still(600_000);
    world.run(1_000);
    assert_eq!(world.switch.calls(), 1);
    world.act(alice, Deed::HangUp(None));
    quiet(&mut world);
}

/// Our own BYE is not heard.
#[test]
fn a_hang_up_that_nobody_hears_leaves_nothing() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    world.act(alice, Deed::Vanish);
    let session_id = *world.ledger.rows.keys().next().unwrap();
    world.stop_session(session_id);
    quiet(&mut world);
    assert_eq!(rows(&world), ["Terminated administratively"]);
}

/// It falls silent before its ACK comes, which says nothing of silence.
#[test]
fn a_peer_that_was_silent_before_its_ack_is_missed_all_the_same() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "echo", Plan { answers_ms: Some(1_000), ..Plan::default() });
    world.dial(alice, "echo");
    for (ms, deed) in [(900, Deed::Vanish), (15_000, Deed::Return), (25_000, Deed::Vanish)] {
        world.later(alice, ms, deed);
    }
    world.run(24_000);
    assert_eq!(world.ledger.connected, 1);
    quiet(&mut world);
    assert_eq!(explained(&world), ["A call ended because of this: the peer is gone."]);
}

/// Its audio never told that it was there.
#[test]
fn a_peer_that_vanishes_before_its_first_packet_is_missed() {
    for ms in [0, 20, 30] {
        let mut world = world();
        let alice = user(&mut world, "alice", Udp);
        rule(&mut world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
        world.dial(alice, "echo");
        while world.ledger.connected == 0 {
            world.run(1);
        }
        world.later(alice, ms, Deed::Vanish);
        quiet(&mut world);
        assert_eq!(explained(&world), ["A call ended because of this: the peer is gone."], "{ms}");
    }
}

#[test]
fn a_peer_that_vanishes_on_hold_is_missed() {
    let mut world = world();
    let alice = talking(&mut world, Udp);
    world.act(alice, Deed::Reinvite(HOLD));
    world.run(200_000);
    assert_eq!((world.switch.calls(), world.phones[alice].saw("< OPTIONS")), (1, 3));
    world.act(alice, Deed::Vanish);
    quiet(&mut world);
    assert_eq!(explained(&world), ["A call ended because of this: the peer is gone."]);
}

#[test]
fn a_node_that_was_started_again_knows_no_call() {
    for transport in [Udp, Tcp, Ws] {
        let mut world = world();
        let alice = talking(&mut world, transport);
        let bob = registered(&mut world, "bob", Udp);
        world.restart_node();
        world.run(1_000);
        world.act(alice, Deed::HangUp(None));
        world.run(1_000);
        assert_eq!((world.switch.registrations(), world.phones[alice].calls.len(), world.sessions()), (0, 0, 0));
        // Phones come back, and calls with them.
        world.act(bob, Deed::Register(3_600));
        rule(&mut world, "bob", Plan { places: vec![to_user("bob")], forwards: true, hangs_up_ms: Some(1_000), ..Plan::default() });
        world.run(1_000);
        world.dial(alice, "bob");
        quiet(&mut world);
        assert_eq!(world.ledger.connected, 3);
        assert_eq!(rows(&world), ["Cut off", "Normal termination"]);
    }
}

/// The end of the session is on its way to the switch while one of its calls ends.
#[test]
fn calls_of_a_session_that_is_over_end_with_the_first_word_for_it() {
    let mut world = world();
    let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Udp));
    let plan = Plan { rings_ms: Some(0), places: vec![to_user("bob")], forwards: true, ends_ms: Some(9_000), ..Plan::default() };
    rule(&mut world, "bob", plan);
    world.dial(alice, "bob");
    world.run(8_000);
    assert_eq!((world.ledger.connected, world.sessions()), (2, 1));
    world.delays.session = (60_000, 60_000);
    world.run(2_000);
    assert_eq!(world.switch.calls(), 2);
    world.act(alice, Deed::HangUp(None));
    world.run(100);
    assert_eq!((world.switch.calls(), world.phones[bob].ends.as_slice()), (0, &["ended Bye".to_owned()][..]));
    quiet(&mut world);
}

#[test]
fn a_device_that_answers_for_a_session_that_is_over_is_hung_up_on_at_once() {
    let mut world = world();
    let bob = registered(&mut world, "bob", Udp);
    world.phones[bob].manner.then = Then::Answer(5_000);
    world.begin_session(Mind::Plan(Plan { places: vec![to_user("bob")], ends_ms: Some(4_000), ..Plan::default() }), false);
    world.run(1_000);
    world.delays.session = (60_000, 60_000);
    world.run(6_000);
    assert_eq!((world.switch.calls(), world.phones[bob].ends.as_slice()), (0, &["ended Bye".to_owned()][..]));
    quiet(&mut world);
}
