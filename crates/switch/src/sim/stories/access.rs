//! Who may speak.

use super::*;

fn wrong(world: &mut World, phone: PhoneId) {
    if let Some(credentials) = &mut world.phones[phone].credentials {
        credentials.password = "wrong".to_owned();
    }
}

#[test]
fn an_unknown_user_and_a_wrong_password_look_the_same() {
    let mut seen = Vec::new();
    for known in [true, false] {
        let mut world = world();
        if known {
            world.directory.user("alice");
        }
        let alice = world.phone("alice", Udp);
        wrong(&mut world, alice);
        world.act(alice, Deed::Register(3_600));
        world.dial(alice, "echo");
        quiet(&mut world);
        assert_eq!((world.phones[alice].replies.as_slice(), world.phones[alice].ends.as_slice()), (&[401][..], &["failed 407".to_owned()][..]));
        seen.push(world.phones[alice].seen.clone());
        // The operator is told the truth.
        let what = if known { "Wrong password" } else { "No active user of this name in an application of this domain" };
        let why = format!("{what}: 'alice' of '{APPLICATION}'.");
        assert_eq!(world.ledger.refusals, [(401, why.clone()), (407, why)]);
    }
    assert_eq!(seen[0], seen[1]);
}

#[test]
fn ten_wrong_passwords_ban_an_address_for_five_minutes() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    wrong(&mut world, alice);
    for attempt in 0..10 {
        world.later(alice, attempt * 1_000, Deed::Register(3_600));
    }
    world.run(20_000);
    assert_eq!(world.phones[alice].replies, [401; 10]);
    let why = format!("Wrong password: 'alice' of '{APPLICATION}'. Answers for this user are refused there for 5 minutes now.");
    assert_eq!((world.ledger.refusals.len(), world.ledger.refusals.back()), (10, Some(&(401, why))));
    world.phones[alice].credentials = Some(World::credentials("alice"));
    world.act(alice, Deed::Register(3_600));
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(10), ..Plan::default() });
    world.dial(alice, "echo");
    world.run(1_000);
    assert_eq!((world.phones[alice].replies.last(), world.phones[alice].ends.as_slice()), (Some(&403), &["failed 403".to_owned()][..]));
    world.run(300_000);
    world.act(alice, Deed::Register(3_600));
    quiet(&mut world);
    assert_eq!(world.phones[alice].replies.last(), Some(&200));
}

#[test]
fn a_credential_for_one_connection_is_refused_on_a_second_one() {
    let mut world = world();
    world.directory.add("cc-1", "alice", false, Some(1));
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(1_000), ..Plan::default() });
    let browsers = [0, 1].map(|_| world.phone("alice", Ws));
    for browser in browsers {
        world.phones[browser].credentials = Some(World::credentials("cc-1"));
    }
    for browser in browsers {
        for _ in 0..2 {
            world.act(browser, Deed::Register(600));
            world.run(200);
            world.dial(browser, "echo");
            world.run(5_000);
        }
    }
    assert_eq!(world.phones[browsers[0]].replies, [200, 200]);
    assert_eq!(world.phones[browsers[0]].ends, ["ended Bye"; 2]);
    assert_eq!(world.phones[browsers[1]].replies, [403, 403]);
    assert_eq!(world.phones[browsers[1]].ends, ["failed 403"; 2]);
    quiet(&mut world);
}

#[test]
fn two_requests_at_once_over_one_connection_use_a_credential_up_once() {
    let mut world = world();
    world.delays.look_up = (30, 30);
    world.directory.add("cc-1", "alice", false, Some(1));
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(1_000), ..Plan::default() });
    let alice = world.phone("alice", Ws);
    world.phones[alice].credentials = Some(World::credentials("cc-1"));
    world.act(alice, Deed::Register(600));
    world.dial(alice, "echo");
    quiet(&mut world);
    assert_eq!((world.phones[alice].replies.as_slice(), world.phones[alice].ends.as_slice()), (&[200][..], &["ended Bye".to_owned()][..]));
}

#[test]
fn a_guest_registers_nothing() {
    let mut world = world();
    world.directory.add("cc-2", "guest", true, Some(2));
    let guest = world.phone("guest", Ws);
    world.phones[guest].credentials = Some(World::credentials("cc-2"));
    world.act(guest, Deed::Register(600));
    quiet(&mut world);
    assert_eq!((world.phones[guest].replies.as_slice(), world.switch.registrations()), (&[403][..], 0));
}

#[test]
fn a_user_registers_its_own_devices_alone() {
    let mut world = world();
    world.directory.user("mallory");
    world.directory.user("alice");
    let mallory = world.phone("mallory", Udp);
    world.phones[mallory].name = "alice".to_owned();
    world.act(mallory, Deed::Register(600));
    quiet(&mut world);
    assert_eq!((world.phones[mallory].replies.as_slice(), world.switch.registrations()), (&[403][..], 0));
}

fn stranger(world: &mut World, to: &str) -> PhoneId {
    let stranger = world.phone("stranger", Udp);
    world.phones[stranger].credentials = None;
    let uri = format!("sip:{to}@{APPLICATION}");
    world.phones[stranger].domain = "elsewhere.test".to_owned();
    world.dial(stranger, &uri);
    stranger
}

#[test]
fn a_stranger_calls_from_a_listed_address_alone() {
    let mut world = world();
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(1_000), ..Plan::default() });
    let first = stranger(&mut world, "echo");
    world.run(1_000);
    let address = world.phones[first].address.ip();
    world.directory.listed.insert(address);
    world.dial(first, "echo");
    quiet(&mut world);
    saw(&world, first, "> INVITE, < 403, > ACK, > INVITE, < 200, > ACK, < BYE, > 200");
}

#[test]
fn a_call_to_no_application_gets_a_bare_404() {
    for to in ["sip:echo@192.0.2.1", "sip:echo@localhost", "sip:demo.owner.cordboard.test"] {
        let mut world = world();
        let alice = world.phone("alice", Udp);
        world.dial(alice, to);
        quiet(&mut world);
        saw(&world, alice, "> INVITE, < 404, > ACK");
        assert_eq!(world.ledger.refusals.len(), 1);
    }
}

#[test]
fn a_nonce_that_is_too_old_after_a_jump_of_the_clock_is_asked_again() {
    for jump in [-3_600_000, 3_600_000] {
        let mut world = world();
        world.phone("somebody", Udp);
        let alice = user(&mut world, "alice", Udp);
        world.phones[alice].link.latency_ms = (50, 50);
        world.act(alice, Deed::Register(600));
        // The challenge is under way.
        world.run(75);
        world.jump_utc(jump);
        quiet(&mut world);
        assert_eq!(world.phones[alice].replies, [200], "{jump}");
    }
}

#[test]
fn a_connection_that_closes_during_the_look_up_registers_nothing() {
    for transport in [Tcp, Ws] {
        let mut world = world();
        world.delays.look_up = (500, 500);
        let bob = user(&mut world, "bob", transport);
        world.act(bob, Deed::Register(3_600));
        world.run(200);
        world.act(bob, Deed::Restart);
        world.run(1_000);
        assert_eq!(world.switch.registrations(), 0);
        quiet(&mut world);
    }
}

#[test]
fn a_closed_connection_takes_its_registration_and_its_calls_with_it() {
    for transport in [Tcp, Ws] {
        let mut world = world();
        let bob = registered(&mut world, "bob", transport);
        world.phones[bob].manner.then = Then::Nothing;
        for (ms, then) in [(500, Then::Nothing), (5_000, Then::Answer(100))] {
            world.phones[bob].manner.then = then;
            world.begin_session(Mind::Plan(Plan { places: vec![to_user("bob")], ..Plan::default() }), false);
            world.run(ms);
            world.act(bob, Deed::Restart);
            world.run(100);
            assert_eq!((world.switch.registrations(), world.switch.calls()), (0, 0));
            world.act(bob, Deed::Register(3_600));
            world.run(100);
        }
        quiet(&mut world);
        assert_eq!(explained(&world), ["No answer came from 198.18.0.1: 503 Connection closed.", "A call ended because of this: the peer is gone."]);
    }
}

#[test]
fn a_silent_connection_is_kept_while_it_carries_a_registration_or_a_call() {
    for transport in [Tcp, Ws] {
        let mut world = world();
        rule(&mut world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
        let alice = registered(&mut world, "alice", transport);
        world.fall_idle();
        world.run(100);
        assert_eq!(world.switch.registrations(), 1);
        world.dial(alice, "echo");
        world.act(alice, Deed::Register(0));
        world.run(60_000);
        world.fall_idle();
        world.run(100);
        assert_eq!((world.switch.registrations(), world.switch.calls(), world.switch.sip_sizes().connections), (0, 1, 1));
        world.act(alice, Deed::HangUp(None));
        world.run(60_000);
        world.fall_idle();
        world.run(100);
        assert_eq!((world.phones[alice].ends.as_slice(), world.switch.sip_sizes().connections), (&["ended Local".to_owned()][..], 0));
        quiet(&mut world);
    }
}

#[test]
fn a_silent_connection_of_our_own_is_kept_while_a_call_rings_or_talks() {
    let mut world = world();
    let bob = user(&mut world, "bob", Tcp);
    let uri = format!("sip:bob@{};transport=tcp", world.phones[bob].address);
    world.phones[bob].manner.then = Then::Answer(30_000);
    for _ in 0..2 {
        world.begin_session(Mind::Plan(Plan { places: vec![to_uri(&uri)], hangs_up_ms: Some(60_000), ..Plan::default() }), false);
        for ms in [20_000, 40_000] {
            world.run(ms);
            world.fall_idle();
            assert_eq!((world.switch.calls(), world.switch.sip_sizes().links), (1, 1));
        }
        world.run(120_000);
        assert_eq!((world.switch.calls(), world.switch.sip_sizes().links), (0, 1));
        world.fall_idle();
        world.run(100);
        assert_eq!((world.switch.sip_sizes().connections, world.switch.sip_sizes().links), (0, 0));
    }
    quiet(&mut world);
    assert_eq!((world.ledger.connected, explained(&world)), (2, Vec::<&str>::new()));
}

#[test]
fn registrations_end_with_their_time_or_by_themselves() {
    let mut world = world();
    let bob = registered(&mut world, "bob", Udp);
    assert_eq!(world.switch.registrations(), 1);
    world.act(bob, Deed::Register(0));
    world.run(500);
    assert_eq!(world.switch.registrations(), 0);
    world.act(bob, Deed::Register(120));
    world.run(119_000);
    assert_eq!(world.switch.registrations(), 1);
    world.run(2_000);
    assert_eq!(world.switch.registrations(), 0);
    quiet(&mut world);
}

fn everything() -> [crate::Revoked; 3] {
    use crate::Revoked;
    [
        Revoked::User { account_id: 1, application_id: 1, user_id: 0, name: "Alice".to_owned() },
        Revoked::Application { account_id: 1, application_id: 1 },
        Revoked::Account { account_id: 1 },
    ]
}

#[test]
fn a_user_with_a_new_password_is_reached_nowhere_until_it_proves_itself() {
    for (revoked, left) in everything().into_iter().zip([1, 0, 0]) {
        let mut world = world();
        registered(&mut world, "alice", Udp);
        registered(&mut world, "bob", Tcp);
        world.tell_switch(Input::Revoked(revoked.clone()));
        assert_eq!(world.switch.registrations(), left, "{revoked:?}");
        for other in [2, 11] {
            world.tell_switch(Input::Revoked(crate::Revoked::Account { account_id: other }));
            world.tell_switch(Input::Revoked(crate::Revoked::Application { account_id: 1, application_id: other }));
        }
        assert_eq!(world.switch.registrations(), left);
        quiet(&mut world);
    }
}

#[test]
fn the_connection_of_a_credential_ends_with_its_user_and_its_call_with_it() {
    for revoked in everything() {
        let mut world = world();
        rule(&mut world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
        for (number, username) in [(0, "cc-1"), (1, "cc-2")] {
            world.directory.add(username, ["alice", "bob"][number], false, i64::try_from(number).ok());
            let browser = world.phone(["alice", "bob"][number], Ws);
            world.phones[browser].credentials = Some(World::credentials(username));
            world.act(browser, Deed::Register(600));
            world.run(500);
            world.dial(browser, "echo");
            world.run(2_000);
        }
        let of_one = matches!(revoked, crate::Revoked::User { .. });
        world.tell_switch(Input::Revoked(revoked));
        world.run(100);
        assert_eq!(world.phones[0].ends, ["ended Lost"]);
        assert_eq!((world.phones[1].ends.len(), world.switch.registrations(), world.switch.sip_sizes().connections), if of_one { (0, 1, 1) } else { (1, 0, 0) });
        world.act(1, Deed::HangUp(None));
        quiet(&mut world);
    }
}

/// A registration whose user is being looked up.
fn looked_up() -> (World, PhoneId) {
    let mut world = world();
    world.delays.look_up = (200, 200);
    let alice = user(&mut world, "alice", Udp);
    world.act(alice, Deed::Register(600));
    while world.directory.asked.is_empty() {
        world.run(10);
    }
    (world, alice)
}

#[test]
fn what_was_read_of_a_user_before_its_new_password_counts_no_more() {
    for revoked in everything() {
        let (mut world, alice) = looked_up();
        world.directory.password("alice", "new");
        world.tell_switch(Input::Revoked(revoked));
        world.run(2_000);
        assert_eq!((world.phones[alice].replies.as_slice(), world.switch.registrations()), (&[401][..], 0));
        world.phones[alice].credentials = Some(sip::Credentials { username: "alice".to_owned(), password: "new".to_owned() });
        world.act(alice, Deed::Register(600));
        quiet(&mut world);
        assert_eq!(world.phones[alice].replies, [401, 200]);
    }
}

#[test]
fn who_still_has_its_password_is_looked_up_again_and_not_refused() {
    for revoked in everything() {
        let (mut world, alice) = looked_up();
        world.tell_switch(Input::Revoked(revoked));
        quiet(&mut world);
        assert_eq!((world.phones[alice].replies.as_slice(), world.directory.asked.len()), (&[200][..], 2));
    }
    let (mut world, alice) = looked_up();
    rule(&mut world, "echo", Plan { answers_ms: Some(0), hangs_up_ms: Some(1_000), ..Plan::default() });
    world.run(1_000);
    world.dial(alice, "echo");
    while world.directory.asked.len() < 2 {
        world.run(10);
    }
    world.tell_switch(Input::Revoked(crate::Revoked::Account { account_id: 1 }));
    quiet(&mut world);
    assert_eq!(world.phones[alice].ends, ["ended Bye"]);
}
