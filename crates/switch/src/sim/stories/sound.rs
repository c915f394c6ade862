//! Calls with the real audio: whether the switch and it understand each other.

use super::*;

fn hearing() -> World {
    let mut world = World::new(1);
    world.hear();
    world
}

#[test]
fn a_caller_hears_what_is_played() {
    let mut world = hearing();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "echo", Plan { early_ms: Some(0), answers_ms: Some(500), plays: true, hangs_up_ms: Some(3_000), ..Plan::default() });
    world.dial(alice, "echo");
    quiet(&mut world);
    // A second of sound is fifty packets; silence around it is not counted on.
    let heard = world.packets_to(world.phones[alice].address.ip());
    assert!(heard >= 50, "{heard}");
    assert_eq!((world.phones[alice].ends.as_slice(), explained(&world)), (&["ended Bye".to_owned()][..], vec![]));
}

#[test]
fn joined_callers_hear_each_other_until_one_is_held() {
    let mut world = hearing();
    let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Tcp));
    rule(&mut world, "bob", Plan { rings_ms: Some(0), places: vec![to_user("bob")], forwards: true, ..Plan::default() });
    world.dial(alice, "bob");
    world.run(3_000);
    assert_eq!(world.ledger.connected, 2);
    let addresses = [alice, bob].map(|phone| world.phones[phone].address.ip());
    for (speaker, hearer) in [(alice, addresses[1]), (bob, addresses[0])] {
        let before = world.packets_to(hearer);
        world.speak(speaker, 0..50);
        let heard = world.packets_to(hearer) - before;
        assert!((45..70).contains(&heard), "{heard}");
    }
    world.act(alice, Deed::Reinvite(HOLD));
    world.run(1_000);
    assert_eq!(world.phones[alice].replies, [200]);
    let before = world.packets_to(addresses[0]);
    world.speak(bob, 50..100);
    let heard = world.packets_to(addresses[0]) - before;
    assert!(heard < 10, "held, and hears {heard}");
    world.act(alice, Deed::Reinvite(OFFER));
    world.run(1_000);
    let before = world.packets_to(addresses[0]);
    world.speak(bob, 100..150);
    let heard = world.packets_to(addresses[0]) - before;
    assert!((45..70).contains(&heard), "{heard}");
    world.act(bob, Deed::HangUp(None));
    quiet(&mut world);
}

#[test]
fn the_first_of_several_devices_is_heard() {
    let mut world = hearing();
    let alice = user(&mut world, "alice", Udp);
    let bobs = [Udp, Tcp].map(|transport| registered(&mut world, "bob", transport));
    for (bob, ms) in bobs.into_iter().zip([3_000, 1_000]) {
        world.phones[bob].manner.then = Then::Answer(ms);
    }
    rule(&mut world, "bob", Plan { rings_ms: Some(0), places: vec![to_user("bob")], forwards: true, ..Plan::default() });
    world.dial(alice, "bob");
    world.run(3_000);
    let hearer = world.phones[alice].address.ip();
    let before = world.packets_to(hearer);
    world.speak(bobs[1], 0..50);
    let heard = world.packets_to(hearer) - before;
    assert!((45..70).contains(&heard), "{heard}");
    world.act(alice, Deed::HangUp(None));
    quiet(&mut world);
}

#[test]
fn what_has_no_codec_in_common_is_refused() {
    for (says, status) in [(NO_CODEC, 488), (GARBAGE, 400)] {
        let mut world = hearing();
        let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Udp));
        for phone in [alice, bob] {
            world.phones[phone].manner.says = says;
        }
        rule(&mut world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
        world.dial(alice, "echo");
        world.begin_session(Mind::Plan(Plan { places: vec![to_user("bob")], hangs_up_ms: Some(20_000), ..Plan::default() }), false);
        quiet(&mut world);
        assert_eq!(world.phones[alice].ends, [format!("failed {status}")]);
        saw(&world, bob, "< INVITE, > 100, > 180, > 200, < ACK, < BYE, > 200");
        assert_eq!(explained(&world).len(), 2);
    }
}

#[test]
fn early_audio_of_the_called_side_reaches_the_caller() {
    let mut world = hearing();
    let bob = registered(&mut world, "bob", Udp);
    (world.phones[bob].manner.early, world.phones[bob].manner.then) = (true, Then::Answer(5_000));
    let text = "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
      const out = VoxEngine.callUser({ username: 'bob', callerid: 'alice' });
      call.startEarlyMedia();
      VoxEngine.easyProcess(call, out);
      VoxEngine.sendMediaBetween(call, out);
    });";
    script(&mut world, "bob", text);
    let alice = user(&mut world, "alice", Udp);
    world.dial(alice, "bob");
    world.run(2_000);
    assert!(world.phones[alice].saw("< 183") >= 1);
    let hearer = world.phones[alice].address.ip();
    let before = world.packets_to(hearer);
    world.speak(bob, 0..50);
    let heard = world.packets_to(hearer) - before;
    assert!((45..70).contains(&heard), "{heard}");
    world.run(10_000);
    world.act(alice, Deed::HangUp(None));
    quiet(&mut world);
}

#[test]
fn a_silent_peer_that_vanished_is_given_up() {
    let mut world = hearing();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
    world.dial(alice, "echo");
    world.run(1_000);
    world.speak(alice, 0..50);
    world.act(alice, Deed::Vanish);
    quiet(&mut world);
    assert_eq!(explained(&world), ["A call ended because of this: the peer is gone."]);
}

#[test]
fn a_peer_that_was_never_heard_is_asked_whether_it_lives() {
    let mut world = hearing();
    let alice = user(&mut world, "alice", Udp);
    rule(&mut world, "echo", Plan { answers_ms: Some(0), ..Plan::default() });
    world.dial(alice, "echo");
    world.run(130_000);
    assert_eq!((world.phones[alice].saw("< OPTIONS"), world.switch.calls()), (2, 1));
    world.act(alice, Deed::Vanish);
    quiet(&mut world);
    assert_eq!(explained(&world), ["A call ended because of this: the peer is gone."]);
}

/// voxengine.md §12: who is given a new source does not hear the one before.
#[test]
fn who_is_given_another_source_hears_that_alone() {
    let mut world = hearing();
    let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Udp));
    let text = "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
      call.answer();
      call.startPlayback('https://host/a.mp3', true);
      const out = VoxEngine.callUser({ username: 'bob', callerid: 'alice' });
      out.addEventListener(CallEvents.Connected, () => {
        VoxEngine.sendMediaBetween(call, out);
        setTimeout(() => { out.stopMediaTo(call); }, 10000);
        setTimeout(() => { call.hangup(); out.hangup(); }, 20000);
      });
    });";
    script(&mut world, "bob", text);
    world.dial(alice, "bob");
    let hearer = world.phones[alice].address.ip();
    world.run(1_000);
    let before = world.packets_to(hearer);
    assert!(before >= 30, "the playback is heard before the answer: {before}");
    world.run(2_000);
    assert_eq!(world.audio.bridges(), 0, "the scripted audio has no part in this");
    let before = world.packets_to(hearer);
    world.speak(bob, 0..50);
    let heard = world.packets_to(hearer) - before;
    assert!((45..60).contains(&heard), "one source is fifty packets a second: {heard}");
    world.run(8_000);
    let before = world.packets_to(hearer);
    world.speak(bob, 50..100);
    let heard = world.packets_to(hearer) - before;
    assert!(heard < 10, "nothing is sent any more: {heard}");
    quiet(&mut world);
}
