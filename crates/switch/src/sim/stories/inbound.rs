//! Calls that come in.

use super::*;

const CHALLENGED: &str = "> INVITE, < 407, > ACK, > INVITE";

#[test]
fn a_call_is_answered_and_the_session_hangs_up() {
    for transport in [Udp, Tcp, Ws] {
        let mut world = world();
        let alice = user(&mut world, "alice", transport);
        rule(&mut world, "echo", Plan { rings_ms: Some(100), answers_ms: Some(1_000), plays: true, hangs_up_ms: Some(60_000), ..Plan::default() });
        world.dial(alice, "echo");
        quiet(&mut world);
        saw(&world, alice, &format!("{CHALLENGED}, < 180, < 200, > ACK, < BYE, > 200"));
        assert_eq!(world.phones[alice].ends, ["ended Bye"]);
        assert_eq!((rows(&world), explained(&world)), (vec!["Normal termination"], vec![]));
    }
}

#[test]
fn a_call_is_answered_and_the_caller_hangs_up() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    world.phones[alice].manner.talks_ms = Some(5_000);
    rule(&mut world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
    world.dial(alice, "echo");
    quiet(&mut world);
    saw(&world, alice, &format!("{CHALLENGED}, < 200, > ACK, > BYE, < 200"));
    assert_eq!(rows(&world), ["Normal termination"]);
}

#[test]
fn a_call_is_rejected_with_the_scenarios_code() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "busy", Plan { rejects: Some((200, 486)), ..Plan::default() });
    world.dial(alice, "busy");
    quiet(&mut world);
    saw(&world, alice, &format!("{CHALLENGED}, < 100, < 486, > ACK"));
    assert_eq!(rows(&world), ["Normal termination"]);
}

#[test]
fn a_destination_without_a_rule_is_not_found() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    world.dial(alice, "nobody");
    quiet(&mut world);
    saw(&world, alice, &format!("{CHALLENGED}, < 404, > ACK"));
    assert_eq!(rows(&world), Vec::<&str>::new());
}

#[test]
fn a_call_that_no_scenario_answers_ends_after_60_s() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "deaf", Plan { rings_ms: Some(0), ..Plan::default() });
    world.dial(alice, "deaf");
    quiet(&mut world);
    saw(&world, alice, &format!("{CHALLENGED}, < 180, < 480, > ACK"));
    let (at, _) = world.phones[alice].seen.iter().find(|(_, text)| text == "< 480").unwrap();
    assert!((60_000..60_200).contains(at), "{at}");
    assert_eq!(explained(&world), ["The scenario did not answer the call within 60 s."]);
}

#[test]
fn a_caller_gives_up_before_during_and_after_routing() {
    // Nothing can be cancelled before a 100, which comes when the user is found or after 200 ms. The rule is found as long after the user;
    // the session hears of the call shortly after.
    for (look_up, cancels_ms, sessions) in
        [(20, 5, 0), (300, 17, 0), (300, 205, 0), (20, 17, 1), (20, 25, 1), (20, 45, 1), (20, 65, 1), (20, 100, 1), (20, 1_000, 1), (300, 400, 1), (300, 700, 1)]
    {
        let mut world = world();
        let alice = user(&mut world, "alice", Udp);
        (world.delays.look_up, world.delays.media) = ((look_up, look_up), (30, 30));
        world.phones[alice].manner.cancels_ms = Some(cancels_ms);
        rule(&mut world, "slow", Plan { rings_ms: Some(10), answers_ms: Some(2_000), ..Plan::default() });
        world.dial(alice, "slow");
        quiet(&mut world);
        assert_eq!(world.phones[alice].ends, ["failed 487"], "{cancels_ms}");
        assert_eq!(rows(&world).len(), sessions, "{cancels_ms}: {:?}", world.phones[alice].seen);
    }
}

#[test]
fn a_cancel_that_crosses_the_answer_loses() {
    for media in [1, 20] {
        for cancels_ms in 1_020..1_060 {
            let mut world = world();
            world.delays.media = (media, media);
            let alice = user(&mut world, "alice", Udp);
            world.phones[alice].manner.cancels_ms = Some(cancels_ms);
            rule(&mut world, "slow", Plan { answers_ms: Some(1_000), ..Plan::default() });
            world.dial(alice, "slow");
            quiet(&mut world);
            assert_eq!(rows(&world), ["Normal termination"]);
        }
    }
}

#[test]
fn early_media_comes_with_183_and_the_same_description_again_with_200() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "early", Plan { early_ms: Some(100), answers_ms: Some(3_000), hangs_up_ms: Some(1_000), ..Plan::default() });
    world.dial(alice, "early");
    quiet(&mut world);
    saw(&world, alice, &format!("{CHALLENGED}, < 183, < 200, > ACK, < BYE, > 200"));
    assert_eq!(world.audio.made, 1);
}

#[test]
fn an_offer_without_a_common_codec_gets_488_and_rubbish_400() {
    for (says, status) in [(NO_CODEC, 488), (GARBAGE, 400)] {
        let mut world = world();
        let alice = user(&mut world, "alice", Udp);
        world.phones[alice].manner.says = says;
        rule(&mut world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
        world.dial(alice, "echo");
        quiet(&mut world);
        saw(&world, alice, &format!("{CHALLENGED}, < {status}, > ACK"));
        assert_eq!(rows(&world), ["Normal termination"]);
        assert_eq!(explained(&world).len(), 1);
    }
}

#[test]
fn an_invite_without_an_offer_whose_ack_brings_no_answer_is_ended() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    world.phones[alice].manner.says = "";
    rule(&mut world, "echo", Plan { early_ms: Some(10), answers_ms: Some(500), ..Plan::default() });
    world.dial(alice, "echo");
    quiet(&mut world);
    saw(&world, alice, &format!("{CHALLENGED}, < 183, < 200, > ACK, < BYE, > 200"));
    assert_eq!(explained(&world), ["The ACK of an INVITE without an offer brought no answer to ours."]);
}

#[test]
fn a_reinvite_is_agreed_on_whether_it_holds_or_changes_nothing() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(10_000), ..Plan::default() });
    world.dial(alice, "echo");
    for (ms, says) in [(1_000, HOLD), (2_000, OFFER), (3_000, OFFER)] {
        world.later(alice, ms, Deed::Reinvite(says));
    }
    world.later(alice, 4_000, Deed::Reinvite(NO_CODEC));
    quiet(&mut world);
    let again = "> INVITE, < 100, < 200, > ACK";
    saw(&world, alice, &format!("{CHALLENGED}, < 200, > ACK, {again}, {again}, {again}, > INVITE, < 100, < 488, > ACK, < BYE, > 200"));
    assert_eq!(world.phones[alice].replies, [200, 200, 200, 488]);
}

#[test]
fn requests_inside_a_call_are_answered() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(10_000), ..Plan::default() });
    world.dial(alice, "echo");
    for (ms, method) in [(1_000, "INFO"), (2_000, "MESSAGE"), (3_000, "OPTIONS"), (4_000, "REFER"), (5_000, "NOTIFY"), (6_000, "SUBSCRIBE"), (7_000, "DANCE")] {
        world.later(alice, ms, Deed::Inside(method));
    }
    quiet(&mut world);
    assert_eq!(world.phones[alice].replies, [200, 200, 200, 405, 405, 405, 501]);
}

#[test]
fn a_call_to_a_number_of_the_trunk_comes_in_unasked() {
    let mut world = world();
    let carrier = world.carrier(false);
    rule(&mut world, "15550100", Plan { answers_ms: Some(100), hangs_up_ms: Some(1_000), ..Plan::default() });
    world.dial(carrier, "sip:15550100@192.0.2.1");
    world.dial(carrier, "sip:15550199@192.0.2.1");
    quiet(&mut world);
    assert_eq!(world.phones[carrier].ends, ["failed 404", "ended Bye"]);
    assert_eq!(world.ledger.refusals.len(), 1);
    assert!(world.directory.asked.iter().any(|asked| matches!(asked, crate::Question::Route(origin) if origin.from == crate::Caller::Trunk)));
}

#[test]
fn packets_are_lost_and_the_call_lives() {
    for seed in 0..40 {
        let mut world = World::new(seed);
        world.audio.packets = true;
        let alice = user(&mut world, "alice", Udp);
        world.phones[alice].link = Link { latency_ms: (5, 200), lost: 20, doubled: 20 };
        rule(&mut world, "echo", Plan { rings_ms: Some(10), answers_ms: Some(500), hangs_up_ms: Some(60_000), ..Plan::default() });
        world.dial(alice, "echo");
        quiet(&mut world);
        assert_eq!(world.phones[alice].ends.len(), 1, "seed {seed}");
    }
}

/// The scenario answers in the last moment, and the caller's ACK comes after the 60 s.
#[test]
fn an_answer_in_the_last_second_counts() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    world.phones[alice].link.latency_ms = (300, 300);
    rule(&mut world, "slow", Plan { rings_ms: Some(0), answers_ms: Some(59_900), hangs_up_ms: Some(5_000), ..Plan::default() });
    world.dial(alice, "slow");
    quiet(&mut world);
    assert_eq!(world.phones[alice].ends, ["ended Bye"]);
    assert_eq!((world.ledger.connected, explained(&world)), (1, vec![]));
}

/// The answer is never acknowledged.
#[test]
fn an_answer_that_nobody_acknowledges_ends_the_call() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "echo", Plan { answers_ms: Some(1_000), ..Plan::default() });
    world.dial(alice, "echo");
    world.later(alice, 500, Deed::Vanish);
    quiet(&mut world);
    assert_eq!(explained(&world), ["A call ended because of this: the answer was not acknowledged."]);
}

#[test]
fn a_session_that_ends_before_it_hears_of_its_call_leaves_nothing() {
    for ends_ms in 0..12 {
        let mut world = world();
        world.delays.look_up = (5, 5);
        let alice = user(&mut world, "alice", Udp);
        rule(&mut world, "brief", Plan { ends_ms: Some(ends_ms), ..Plan::default() });
        world.dial(alice, "brief");
        quiet(&mut world);
        assert_eq!(world.phones[alice].ends.len(), 1, "{ends_ms}");
        saw(&world, alice, &format!("{CHALLENGED}, < 603, > ACK"));
        assert!(world.phones[alice].seen.last().unwrap().0 < 1_000);
    }
}

#[test]
fn the_node_drains() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(5_000), ..Plan::default() });
    world.dial(alice, "echo");
    world.run(1_000);
    world.tell_switch(Input::Drain);
    world.dial(alice, "echo");
    quiet(&mut world);
    assert_eq!(world.phones[alice].ends, ["failed 503", "ended Bye"]);
}
