//! Scenarios in JavaScript: what they hear, in order.

use super::*;

const WATCH: &str = "
const watch = (name, call) => {
  for (const event of ['Ringing', 'AudioStarted', 'Connected', 'Failed', 'Disconnected', 'OnHold', 'OffHold', 'MessageReceived', 'RtpStopped', 'RtpResumed', 'PlaybackStarted', 'PlaybackFinished'])
    call.addEventListener(CallEvents[event], (e) => Logger.write(`@ ${name} ${event}${e.code ? ' ' + e.code : ''}${e.internalCode ? ' ' + e.internalCode : ''}`));
};
";

/// What the scenario wrote of its calls.
fn told(world: &World, session_id: i64) -> Vec<&str> {
    world.ledger.logs.get(&session_id).into_iter().flatten().filter_map(|line| line.strip_prefix("@ ")).collect()
}

fn scenario(world: &mut World, destination: &str, text: &str) {
    script(world, destination, &format!("{WATCH}{text}"));
}

#[test]
fn a_scenario_answers_plays_and_hangs_up() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    scenario(
        &mut world,
        "echo",
        "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
           watch('in', call);
           call.ring();
           call.answer();
           call.addEventListener(CallEvents.Connected, () => call.startPlayback('https://host/a.mp3'));
           call.addEventListener(CallEvents.PlaybackFinished, () => call.hangup());
           call.addEventListener(CallEvents.Disconnected, VoxEngine.terminate);
         });",
    );
    world.dial(alice, "echo");
    quiet(&mut world);
    assert_eq!(told(&world, 1), ["in Connected", "in PlaybackStarted", "in PlaybackFinished", "in Disconnected 200"]);
    assert_eq!(world.ledger.rows[&1][0].calls, 1);
}

#[test]
fn easy_process_joins_two_calls() {
    let mut world = world();
    let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Tcp));
    world.phones[alice].manner.talks_ms = Some(20_000);
    scenario(
        &mut world,
        "bob",
        "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, destination }) => {
           const out = VoxEngine.callUser({ username: destination, callerid: 'alice' });
           watch('in', call); watch('out', out);
           VoxEngine.easyProcess(call, out);
         });",
    );
    world.dial(alice, "bob");
    world.run(10_000);
    assert_eq!((world.ledger.connected, world.audio.bridges()), (2, 1));
    quiet(&mut world);
    assert_eq!(told(&world, 1), ["out Ringing", "out AudioStarted 200", "out Connected", "in Connected", "in Disconnected 200"]);
    assert_eq!((world.phones[alice].ends.len(), world.phones[bob].ends.len(), world.ledger.rows[&1][0].calls), (1, 1, 2));
}

#[test]
fn a_caller_that_gives_up_is_heard_of_by_the_called_side() {
    let mut world = world();
    let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Udp));
    world.phones[alice].manner.cancels_ms = Some(3_000);
    world.phones[bob].manner.then = Then::Nothing;
    scenario(
        &mut world,
        "bob",
        "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, destination }) => {
           const out = VoxEngine.callUser({ username: destination, callerid: 'alice' });
           watch('in', call); watch('out', out);
           VoxEngine.easyProcess(call, out);
         });",
    );
    world.dial(alice, "bob");
    quiet(&mut world);
    assert_eq!(told(&world, 1), ["out Ringing", "in Disconnected 487"]);
    saw(&world, bob, "< INVITE, > 100, > 180, < CANCEL, > 200, > 487, < ACK");
}

#[test]
fn hold_and_messages_are_heard() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    scenario(&mut world, "echo", "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => { watch('in', call); call.answer(); });");
    world.dial(alice, "echo");
    for (ms, deed) in [
        (1_000, Deed::Reinvite(HOLD)),
        (2_000, Deed::Inside("MESSAGE")),
        (3_000, Deed::Reinvite(OFFER)),
        (4_000, Deed::Vanish),
        (20_000, Deed::Return),
        (60_000, Deed::HangUp(None)),
    ] {
        world.later(alice, ms, deed);
    }
    world.run(30_000);
    world.audio_of(alice, None);
    quiet(&mut world);
    assert_eq!(told(&world, 1), ["in Connected", "in OnHold", "in MessageReceived", "in OffHold", "in RtpStopped", "in RtpResumed", "in Disconnected 200"]);
}

#[test]
fn a_call_that_fails_says_why() {
    let mut world = world();
    let bob = registered(&mut world, "bob", Udp);
    world.phones[bob].manner.then = Then::Refuse(100, 486);
    world.directory.user("carol");
    let text = format!(
        "{WATCH}VoxEngine.addEventListener(AppEvents.Started, () => {{
           for (const username of ['bob', 'carol', 'nobody']) watch(username, VoxEngine.callUser({{ username, callerid: '1' }}));
         }});"
    );
    let session_id = world.begin_session(Mind::Script(text), false);
    quiet(&mut world);
    assert_eq!(told(&world, session_id), ["carol Failed 480", "nobody Failed 404", "bob Ringing", "bob Failed 486"]);
    assert_eq!(world.ledger.rows[&session_id][0].calls, 3);
}

#[test]
fn a_scenario_that_terminates_at_once_rejects_the_call() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    scenario(&mut world, "never", "VoxEngine.addEventListener(AppEvents.Started, VoxEngine.terminate);");
    world.dial(alice, "never");
    quiet(&mut world);
    assert_eq!(world.phones[alice].ends.len(), 1);
}

#[test]
fn digits_for_a_phone_without_telephone_event_go_by_info_in_their_order() {
    let mut world = world();
    let bob = registered(&mut world, "bob", Udp);
    world.phones[bob].link = Link { latency_ms: (5, 300), lost: 20, doubled: 20 };
    let text = "VoxEngine.addEventListener(AppEvents.Started, () => {
      const out = VoxEngine.callUser({ username: 'bob', callerid: '1' });
      out.addEventListener(CallEvents.Connected, () => { out.sendDigits('12p34'); out.sendDigits('56'); setTimeout(() => out.hangup(), 60000); });
    });";
    world.begin_session(Mind::Script(text.to_owned()), false);
    quiet(&mut world);
    let digits: String = world.phones[bob].bodies.iter().filter_map(|body| body.strip_prefix("Signal=")?.chars().next()).collect();
    assert_eq!(digits, "123456");
}

#[test]
fn a_call_to_a_browser_is_encrypted_and_says_so() {
    for (transport, encrypted) in [(Udp, "@ false"), (Ws, "@ true")] {
        let mut world = world();
        registered(&mut world, "bob", transport);
        let text = "VoxEngine.addEventListener(AppEvents.Started, () => {
          const out = VoxEngine.callUser({ username: 'bob', callerid: '1' });
          out.addEventListener(CallEvents.Connected, (e) => { Logger.write(`@ ${e.encrypted}`); out.hangup(); });
        });";
        let session_id = world.begin_session(Mind::Script(text.to_owned()), false);
        quiet(&mut world);
        assert!(world.ledger.logs[&session_id].iter().any(|line| line == encrypted), "{:?}", world.ledger.logs);
    }
}

#[test]
fn keys_by_info_are_tones_or_go_on_to_the_other_call() {
    for (handled, heard) in [("", "< INFO, > 200, "), ("call.handleTones(true);", ""), ("call.handleTones(true, DTMFType.TELEPHONE_EVENT);", "< INFO, > 200, ")] {
        let mut world = world();
        let (alice, bob) = (user(&mut world, "alice", Udp), registered(&mut world, "bob", Udp));
        let text = format!(
            "VoxEngine.addEventListener(AppEvents.CallAlerting, ({{ call, destination }}) => {{
               {handled}
               call.addEventListener(CallEvents.ToneReceived, (e) => Logger.write(`@ ${{e.tone}} ${{e.type}}`));
               VoxEngine.easyProcess(call, VoxEngine.callUser({{ username: destination, callerid: 'alice' }}));
             }});"
        );
        script(&mut world, "bob", &text);
        world.dial(alice, "bob");
        world.later(alice, 10_000, Deed::With("INFO", "application/dtmf-relay", "Signal=5\r\nDuration=100\r\n"));
        world.later(alice, 12_000, Deed::HangUp(None));
        quiet(&mut world);
        saw(&world, bob, &format!("< INVITE, > 100, > 180, > 200, < ACK, {heard}< BYE, > 200"));
        assert_eq!(told(&world, 1), if heard.is_empty() { vec!["5 3"] } else { vec![] }, "{handled}");
    }
}

#[test]
fn notes_that_somebody_types_are_no_messages() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    let text = "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
      watch('in', call);
      call.addEventListener(CallEvents.MessageReceived, ({ text, headers }) => Logger.write(`@ ${text} ${headers['X-Phone']}`));
      call.answer();
    });";
    scenario(&mut world, "echo", text);
    world.dial(alice, "echo");
    world.later(alice, 1_000, Deed::With("MESSAGE", "application/im-iscomposing+xml", "<isComposing/>"));
    world.later(alice, 2_000, Deed::With("MESSAGE", "Text/html; charset=UTF-8", "<b>x</b>"));
    world.later(alice, 3_000, Deed::HangUp(None));
    quiet(&mut world);
    assert_eq!(told(&world, 1), ["in Connected", "in MessageReceived", "<b>x</b> yes", "in Disconnected 200"]);
    assert_eq!(world.phones[alice].replies, [415, 200]);
}

#[test]
fn a_new_source_takes_the_place_of_the_old_one_however_many_devices_it_may_come_from() {
    for devices in 1..=2 {
        let mut world = world();
        let alice = user(&mut world, "alice", Udp);
        for _ in 0..devices {
            let bob = registered(&mut world, "bob", Udp);
            world.phones[bob].manner.then = Then::Nothing;
        }
        script(
            &mut world,
            "bob",
            "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call, destination }) => {
               call.answer();
               call.addEventListener(CallEvents.Connected, () => {
                 const music = VoxEngine.createURLPlayer('https://host/a.mp3', true);
                 music.sendMediaTo(call);
                 const out = VoxEngine.callUser({ username: destination, callerid: 'alice' });
                 out.addEventListener(CallEvents.Ringing, () => setTimeout(() => VoxEngine.sendMediaBetween(call, out), 3000));
               });
             });",
        );
        world.dial(alice, "bob");
        world.run(2_500);
        assert_eq!(world.audio.hearing(), 1, "the music");
        world.run(3_500);
        // Of one device it is known already who will hear the caller.
        assert_eq!(world.audio.hearing(), if devices == 1 { 2 } else { 0 }, "{devices}");
        world.later(alice, 0, Deed::HangUp(None));
        world.run(1_000);
        world.stop_session(1);
        quiet(&mut world);
    }
}

#[test]
fn a_call_that_is_hung_up_before_its_answer_is_declined() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    scenario(&mut world, "no", "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => { watch('in', call); call.hangup(); });");
    scenario(&mut world, "later", "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => watch('in', call));");
    world.dial(alice, "no");
    world.run(5_000);
    world.dial(alice, "later");
    quiet(&mut world);
    assert_eq!((told(&world, 1), told(&world, 2)), (vec!["in Disconnected 603"], vec!["in Disconnected 480"]));
    saw(&world, alice, "> INVITE, < 407, > ACK, > INVITE, < 603, > ACK, > INVITE, < 407, > ACK, > INVITE, < 100, < 480, > ACK");
}

#[test]
fn what_a_carrier_adds_to_a_number_is_no_part_of_it() {
    let mut world = world();
    let alice = user(&mut world, "alice", Udp);
    script(
        &mut world,
        "+15550299",
        "VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => { Logger.write(`@ ${e.destination} ${e.toURI.includes('npdi')}`); e.call.reject(486); });",
    );
    world.dial(alice, "+15550299;npdi=yes");
    quiet(&mut world);
    assert_eq!(told(&world, 1), ["+15550299 true"]);
}
