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
