//! Calls that sessions place.

use super::*;

/// A session that no call began.
fn session(world: &mut World, places: Vec<engine::Placing>, hangs_up_ms: u64) -> i64 {
    world.begin_session(Mind::Plan(Plan { places, hangs_up_ms: Some(hangs_up_ms), ..Plan::default() }), false)
}

#[test]
fn a_registered_user_is_called_over_its_way() {
    for transport in [Udp, Tcp, Ws] {
        let mut world = world();
        let bob = registered(&mut world, "bob", transport);
        session(&mut world, vec![to_user("bob")], 5_000);
        quiet(&mut world);
        saw(&world, bob, "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
        assert_eq!(rows(&world), ["Normal termination"]);
        assert_eq!(explained(&world), Vec::<&str>::new());
    }
}

#[test]
fn a_user_without_a_device_is_offline_and_nobody_is_not_found() {
    let mut world = world();
    world.directory.user("bob");
    session(&mut world, vec![to_user("bob")], 0);
    session(&mut world, vec![to_user("eve")], 0);
    quiet(&mut world);
    assert_eq!(explained(&world), ["No device of user 'bob' is registered.", "The application demo.owner.cordboard.test has no active user 'eve'."]);
}

#[test]
fn all_devices_ring_and_the_first_answer_wins() {
    let mut world = world();
    let bobs = [Udp, Tcp, Ws].map(|transport| registered(&mut world, "bob", transport));
    for (bob, ms) in bobs.into_iter().zip([3_000, 2_000, 4_000]) {
        world.phones[bob].manner.then = Then::Answer(ms);
    }
    session(&mut world, vec![to_user("bob")], 5_000);
    quiet(&mut world);
    for bob in [bobs[0], bobs[2]] {
        saw(&world, bob, "< INVITE, > 100, > 180, < CANCEL, > 200, > 487, < ACK");
        assert_eq!(world.phones[bob].ends, ["ended Cancelled for SIP;cause=200;text=\"Call completed elsewhere\""]);
    }
    saw(&world, bobs[1], "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
    assert_eq!((world.ledger.connected, world.audio.made, world.audio.closed), (1, 3, 3));
}

#[test]
fn two_devices_that_answer_at_once_leave_one_call() {
    for seed in 0..20 {
        let mut world = World::new(seed);
        let bobs = [Udp, Tcp, Ws].map(|transport| registered(&mut world, "bob", transport));
        for bob in bobs {
            world.phones[bob].link.latency_ms = (5, 40);
        }
        session(&mut world, vec![to_user("bob")], 5_000);
        quiet(&mut world);
        assert_eq!(world.ledger.connected, 1, "{seed}");
    }
}

#[test]
fn a_busy_device_leaves_the_others_ringing() {
    let mut world = world();
    let bobs = [Udp, Tcp].map(|transport| registered(&mut world, "bob", transport));
    world.phones[bobs[0]].manner.then = Then::Refuse(500, 486);
    world.phones[bobs[1]].manner.then = Then::Answer(2_000);
    session(&mut world, vec![to_user("bob")], 5_000);
    quiet(&mut world);
    saw(&world, bobs[0], "< INVITE, > 100, > 180, > 486, < ACK");
    saw(&world, bobs[1], "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
    assert_eq!(world.ledger.connected, 1);
}

#[test]
fn a_refusal_for_all_ends_the_call_everywhere() {
    let mut world = world();
    let bobs = [Udp, Tcp].map(|transport| registered(&mut world, "bob", transport));
    world.phones[bobs[0]].manner.then = Then::Refuse(500, 603);
    world.phones[bobs[1]].manner.then = Then::Answer(2_000);
    session(&mut world, vec![to_user("bob")], 5_000);
    quiet(&mut world);
    saw(&world, bobs[1], "< INVITE, > 100, > 180, < CANCEL, > 200, > 487, < ACK");
    assert_eq!(world.ledger.connected, 0);
    assert_eq!(explained(&world), ["The called side answered 603 Decline."]);
}

#[test]
fn the_last_device_that_refuses_ends_the_call() {
    let mut world = world();
    let bobs = [Udp, Tcp].map(|transport| registered(&mut world, "bob", transport));
    world.phones[bobs[0]].manner.then = Then::Refuse(500, 486);
    world.phones[bobs[1]].manner.then = Then::Refuse(900, 480);
    session(&mut world, vec![to_user("bob")], 5_000);
    quiet(&mut world);
    assert_eq!(rows(&world), ["Normal termination"]);
}

#[test]
fn a_call_rings_60_s_or_as_long_as_its_header_says() {
    for (timeout, seconds) in [(None, 60), (Some("15"), 15), (Some("1"), 10), (Some("9999"), 400), (Some("x"), 60)] {
        let mut world = world();
        let bob = registered(&mut world, "bob", Udp);
        world.phones[bob].manner.then = Then::Nothing;
        let mut placing = to_user("bob");
        placing.headers.extend(timeout.map(|timeout| ("VI-CallTimeout".to_owned(), timeout.to_owned())));
        let began = world.passed_ms();
        session(&mut world, vec![placing], 0);
        quiet(&mut world);
        // Phones repeat 180 each minute.
        let messages: Vec<&str> = world.phones[bob].messages().into_iter().filter(|text| *text != "> 180").collect();
        assert_eq!(messages.join(", "), "< INVITE, > 100, < CANCEL, > 200, > 487, < ACK");
        let (at, _) = world.phones[bob].seen.iter().find(|(_, text)| text == "< CANCEL").unwrap();
        assert_eq!((at - began) / 1_000, seconds, "{timeout:?}");
        assert_eq!(explained(&world), ["Nobody answered in time."]);
    }
}

#[test]
fn a_sip_address_is_resolved_and_called() {
    for (uri, name) in [("sip:carol@pbx.test", "carol"), ("sip:carol@pbx.test;transport=tcp", "carol"), ("sip:carol@198.51.100.7:5060", "carol")] {
        let mut world = world();
        let address: SocketAddr = "198.51.100.7:5060".parse().unwrap();
        let carol = world.phone_at(name, Udp, address, None);
        world.directory.hosts.insert("pbx.test".to_owned(), vec![address.ip()]);
        session(&mut world, vec![to_uri(uri)], 2_000);
        quiet(&mut world);
        saw(&world, carol, "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
    }
}

/// A world in which pbx.test has these addresses, and carol a phone at the last one.
fn with_addresses(addresses: &[&str]) -> (World, PhoneId) {
    let mut world = world();
    let addresses: Vec<std::net::IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
    let carol = world.phone_at("carol", Udp, SocketAddr::new(*addresses.last().unwrap(), 5060), None);
    world.directory.hosts.insert("pbx.test".to_owned(), addresses);
    (world, carol)
}

#[test]
fn a_host_of_both_families_is_called_where_a_listener_is() {
    for (uri, address) in [("sip:carol@pbx.test", "198.51.100.7"), ("sip:carol@pbx.test", "::ffff:198.51.100.7"), ("sip:carol@pbx.test;transport=tcp", "198.51.100.7")] {
        let (mut world, carol) = with_addresses(&["198.51.100.7"]);
        world.directory.hosts.insert("pbx.test".to_owned(), vec!["2001:db8::7".parse().unwrap(), address.parse().unwrap()]);
        session(&mut world, vec![to_uri(uri)], 2_000);
        quiet(&mut world);
        saw(&world, carol, "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
        assert_eq!(explained(&world), Vec::<&str>::new());
    }
    let mut world = world();
    let carrier = world.carrier(false);
    world.directory.hosts.get_mut("carrier.test").unwrap().insert(0, "2001:db8::1".parse().unwrap());
    session(&mut world, vec![to_number("15550123")], 2_000);
    quiet(&mut world);
    saw(&world, carrier, "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
}

#[test]
fn a_host_of_another_family_alone_is_not_reached() {
    let (mut world, carol) = with_addresses(&["2001:db8::7"]);
    session(&mut world, vec![to_uri("sip:carol@pbx.test")], 2_000);
    quiet(&mut world);
    saw(&world, carol, "");
    assert_eq!(explained(&world), ["The host 'pbx.test' has no address of a family (IPv4 or IPv6) that SIP listens on."]);
}

#[test]
fn the_next_address_of_a_host_is_called_where_nobody_is() {
    for (uri, why) in [
        ("sip:carol@pbx.test", "No answer came from 198.51.100.9: 408 Request Timeout. The next address of 'pbx.test' is tried."),
        ("sip:carol@pbx.test;transport=tcp", "No answer came from 198.51.100.9: 503 Connection refused. The next address of 'pbx.test' is tried."),
    ] {
        let (mut world, carol) = with_addresses(&["198.51.100.9", "198.51.100.7"]);
        session(&mut world, vec![to_uri(uri)], 2_000);
        quiet(&mut world);
        saw(&world, carol, "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
        assert_eq!((explained(&world), world.ledger.connected), (vec![why], 1));
    }
}

#[test]
fn a_host_is_called_elsewhere_when_it_has_no_room_and_not_when_it_refuses() {
    for (then, rings_ms, attempts) in [(Then::Refuse(0, 503), None, 1), (Then::Refuse(0, 486), None, 0), (Then::Refuse(500, 503), Some(100), 0)] {
        let (mut world, carol) = with_addresses(&["198.51.100.9", "198.51.100.7"]);
        let full = world.phone_at("full", Udp, "198.51.100.9:5060".parse().unwrap(), None);
        (world.phones[full].manner.then, world.phones[full].manner.rings_ms) = (then, rings_ms);
        session(&mut world, vec![to_uri("sip:carol@pbx.test")], 2_000);
        quiet(&mut world);
        assert_eq!((world.phones[carol].saw("< INVITE"), world.ledger.connected), (attempts, u64::try_from(attempts).unwrap()), "{then:?}");
    }
}

#[test]
fn a_call_that_tries_one_address_after_the_other_has_its_time_and_no_more() {
    let (mut world, carol) = with_addresses(&["198.51.100.9", "198.51.100.10", "198.51.100.7"]);
    session(&mut world, vec![to_uri("sip:carol@pbx.test")], 2_000);
    quiet(&mut world);
    saw(&world, carol, "");
    assert_eq!(explained(&world).last(), Some(&"Nobody answered in time."));
}

#[test]
fn a_host_with_one_address_of_the_trunk_is_not_called() {
    let (mut world, carol) = with_addresses(&["203.0.113.1", "198.51.100.7"]);
    world.directory.hosts.get_mut("pbx.test").unwrap().reverse();
    session(&mut world, vec![to_uri("sip:carol@pbx.test")], 2_000);
    quiet(&mut world);
    saw(&world, carol, "");
    assert_eq!(explained(&world), ["The address is that of the operator's trunk, which is reached by callPSTN alone."]);
}

#[test]
fn a_sip_address_that_leads_nowhere_fails_with_its_reason() {
    for (uri, why) in [
        ("sip:carol@nowhere.test", "The host 'nowhere.test' does not exist."),
        ("sip:carol@198.51.100.9", "No answer came from 198.51.100.9: 408 Request Timeout."),
        ("sip:carol@198.51.100.9;transport=tcp", "No answer came from 198.51.100.9: 503 Connection refused."),
        ("mailto:carol", "'mailto:carol' is no SIP URI; one looks like sip:user@host."),
    ] {
        let mut world = world();
        session(&mut world, vec![to_uri(uri)], 2_000);
        quiet(&mut world);
        assert_eq!(explained(&world), [why]);
        assert_eq!(rows(&world), ["Normal termination"]);
    }
}

#[test]
fn the_trunk_is_asked_for_its_credentials_once() {
    let mut world = world();
    let carrier = world.carrier(true);
    session(&mut world, vec![to_number("+1 555 0123")], 2_000);
    quiet(&mut world);
    saw(&world, carrier, "< INVITE, > 100, > 407, < ACK, < INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
}

#[test]
fn what_the_trunk_may_not_do_is_not_tried() {
    let foreign = engine::Placing { callerid: "4930123456".to_owned(), ..to_number("15550123") };
    for (placing, why) in [
        (to_number("4930123456"), "The destination +4930123456 is not allowed. The operator's setting is trunk.allowed."),
        (to_number("alice"), "'alice' is no telephone number."),
        (foreign, "The caller id '4930123456' is neither a number of the trunk nor that of an incoming call of the session. The operator's setting is trunk.numbers."),
    ] {
        let mut world = world();
        let carrier = world.carrier(false);
        session(&mut world, vec![placing], 0);
        quiet(&mut world);
        saw(&world, carrier, "");
        assert_eq!(explained(&world), [why]);
    }
}

#[test]
fn a_busy_number_fails_and_wrong_credentials_do() {
    let mut world = world();
    let carrier = world.carrier(false);
    world.phones[carrier].manner.then = Then::Refuse(500, 486);
    session(&mut world, vec![to_number("15550123")], 0);
    quiet(&mut world);
    assert_eq!(explained(&world), ["The called side answered 486 Busy Here."]);

    let mut world = World::with(1, |config| {
        if let Some(trunk) = &mut config.trunk {
            trunk.credentials = Some(sip::Credentials { username: "trunk".to_owned(), password: "wrong".to_owned() });
        }
    });
    let carrier = world.carrier(true);
    session(&mut world, vec![to_number("15550123")], 0);
    quiet(&mut world);
    saw(&world, carrier, "< INVITE, > 100, > 407, < ACK, < INVITE, > 100, > 407, < ACK");
    assert_eq!(
        explained(&world),
        ["The called side answered 407 Proxy Authentication Required. The carrier does not take trunk.username and trunk.password of the operator's settings."]
    );
}

#[test]
fn a_guest_reaches_users_of_its_application_alone() {
    let mut world = world();
    let carrier = world.carrier(false);
    let bob = registered(&mut world, "bob", Udp);
    for placing in [to_number("15550123"), to_uri("sip:carol@198.51.100.7"), to_user("bob")] {
        world.begin_session(Mind::Plan(Plan { places: vec![placing], hangs_up_ms: Some(500), ..Plan::default() }), true);
    }
    quiet(&mut world);
    saw(&world, carrier, "");
    assert_eq!((world.ledger.connected, world.phones[bob].saw("< INVITE")), (1, 1));
}

#[test]
fn a_call_is_bridged_and_either_side_ends_it() {
    for (caller_talks, called_talks) in [(Some(5_000), None), (None, Some(5_000))] {
        let mut world = world();
        let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Ws));
        world.phones[alice].manner.talks_ms = caller_talks;
        world.phones[bob].manner.talks_ms = called_talks;
        rule(&mut world, "bob", Plan { rings_ms: Some(0), places: vec![to_user("bob")], forwards: true, ..Plan::default() });
        world.dial(alice, "bob");
        world.run(3_000);
        assert_eq!((world.ledger.connected, world.audio.bridges()), (2, 1));
        quiet(&mut world);
        assert_eq!((world.phones[alice].ends.len(), world.phones[bob].ends.len()), (1, 1));
        assert_eq!(rows(&world), ["Normal termination"]);
    }
}

#[test]
fn early_audio_of_the_called_side_is_taken_before_its_answer() {
    let mut world = world();
    let bob = registered(&mut world, "bob", Udp);
    world.phones[bob].manner.early = true;
    session(&mut world, vec![to_user("bob")], 2_000);
    quiet(&mut world);
    saw(&world, bob, "< INVITE, > 100, > 183, > 200, < ACK, < BYE, > 200");
    assert_eq!((world.ledger.connected, explained(&world)), (1, vec![]));
}

#[test]
fn an_answer_that_cannot_be_taken_ends_the_call() {
    for says in [NO_CODEC, GARBAGE] {
        let mut world = world();
        let bob = registered(&mut world, "bob", Udp);
        world.phones[bob].manner.says = says;
        session(&mut world, vec![to_user("bob")], 20_000);
        quiet(&mut world);
        saw(&world, bob, "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
        assert_eq!(explained(&world).len(), 1);
    }
}

#[test]
fn a_session_that_hangs_up_before_anything_was_sent_sends_nothing() {
    let mut world = world();
    let bob = registered(&mut world, "bob", Udp);
    world.delays.media = (500, 500);
    let session_id = session(&mut world, vec![to_user("bob")], 0);
    world.run(100);
    world.stop_session(session_id);
    quiet(&mut world);
    saw(&world, bob, "");
}

#[test]
fn a_phone_behind_a_nat_is_called_until_the_nat_forgets_it() {
    let mut world = world();
    let bob = user(&mut world, "bob", Udp);
    world.behind_nat(bob, Nat::new("198.51.100.1".parse().unwrap(), 30_000));
    world.act(bob, Deed::Register(3_600));
    world.run(150_000);
    // It keeps nothing open itself.
    assert_eq!(world.phones[bob].saw("< OPTIONS"), 5);
    session(&mut world, vec![to_user("bob")], 1_000);
    world.run(100_000);
    assert_eq!(world.ledger.connected, 1);
    world.forget_nat(bob);
    session(&mut world, vec![to_user("bob")], 1_000);
    quiet(&mut world);
    assert_eq!(world.ledger.connected, 1);
    assert_eq!(explained(&world), ["No answer came from 198.51.100.1: 408 Request Timeout."]);
}

#[test]
fn a_caller_is_joined_with_whichever_device_answers() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    let bobs = [Udp, Tcp, Ws].map(|transport| registered(&mut world, "bob", transport));
    world.phones[bobs[2]].manner.then = Then::Answer(500);
    rule(&mut world, "bob", Plan { rings_ms: Some(0), places: vec![to_user("bob")], forwards: true, ..Plan::default() });
    world.dial(alice, "bob");
    world.run(5_000);
    assert_eq!((world.ledger.connected, world.audio.bridges()), (2, 1));
    // A registration that is renewed, or one more, changes nothing of the call.
    world.act(bobs[2], Deed::Register(600));
    world.run(1_000);
    world.act(alice, Deed::HangUp(None));
    quiet(&mut world);
    assert_eq!(world.phones[bobs[2]].ends, ["ended Bye"]);
}

#[test]
fn a_call_whose_caller_hangs_up_while_it_is_looked_up_is_not_placed() {
    let mut world = world();
    world.delays.look_up = (2_000, 2_000);
    let address: SocketAddr = "198.51.100.7:5060".parse().unwrap();
    let carol = world.phone_at("carol", Udp, address, None);
    let session_id = session(&mut world, vec![to_uri("sip:carol@198.51.100.7")], 0);
    world.run(500);
    world.stop_session(session_id);
    quiet(&mut world);
    saw(&world, carol, "");
}

#[test]
fn the_audio_of_a_device_is_sought_where_that_device_is() {
    for answering in 0..3 {
        let mut world = world();
        let bobs = [Udp, Tcp, Ws].map(|transport| registered(&mut world, "bob", transport));
        world.phones[bobs[answering]].manner.then = Then::Answer(100);
        session(&mut world, vec![to_user("bob")], 5_000);
        quiet(&mut world);
        assert_eq!(world.audio.sources, [world.phones[bobs[answering]].address.ip()]);
    }
}

#[test]
fn an_incoming_calls_caller_id_may_be_shown_to_the_trunk() {
    let mut world = world();
    let carrier = world.carrier(false);
    world.phones[carrier].name = "4930123456".to_owned();
    let onward = engine::Placing { callerid: "4930123456".to_owned(), ..to_number("15550199") };
    rule(&mut world, "15550100", Plan { rings_ms: Some(0), places: vec![onward], forwards: true, ..Plan::default() });
    world.dial(carrier, "sip:15550100@192.0.2.1");
    world.run(5_000);
    assert_eq!((world.ledger.connected, world.audio.bridges()), (2, 1));
    world.act(carrier, Deed::HangUp(None));
    quiet(&mut world);
}

#[test]
fn a_sip_address_of_the_own_application_is_its_user() {
    let mut world = world();
    let bob = registered(&mut world, "bob", Ws);
    session(&mut world, vec![to_uri(&format!("sip:bob@{APPLICATION}"))], 1_000);
    quiet(&mut world);
    saw(&world, bob, "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
}

#[test]
fn a_phone_that_answers_after_the_call_was_given_up_is_hung_up_on() {
    for link in [Link::default(), Link { latency_ms: (400, 400), lost: 0, doubled: 0 }] {
        for answers_ms in [9_500, 9_900, 9_990, 10_010, 10_100] {
            let mut world = world();
            let bob = registered(&mut world, "bob", Udp);
            world.phones[bob].link = link;
            world.phones[bob].manner.then = Then::Answer(answers_ms);
            let mut placing = to_user("bob");
            placing.headers.push(("VI-CallTimeout".to_owned(), "10".to_owned()));
            session(&mut world, vec![placing], 1_000);
            quiet(&mut world);
            assert_eq!(world.phones[bob].ends.len(), 1);
            assert_eq!(rows(&world), ["Normal termination"]);
        }
    }
}
