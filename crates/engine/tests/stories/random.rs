//! Random scenarios in a random world: nothing is done to what is over, and every call ends in the history once.

use std::collections::BTreeMap;

use cordboard_engine::{Alerting, CallAction, CallEvent, End, Frame, Input, Output, PlayerAction, PlayerEvent, Recording, Scenario, Session, Unit};
use cordboard_now::Chance;

use crate::world;

const SEEDS: u8 = 10;
const STEPS: usize = 250;

/// Does anything to any of its calls and players, whenever anything happens.
const SCENARIO: &str = r"
require(Modules.IVR);
const calls = [], players = [], ends = { calls: 0 };
const any = (list) => list[Math.floor(Math.random() * list.length)];
const state = () => new IVRState('s', { type: any(['select', 'inputfixed', 'inputunknown', 'noinput']), prompt: any([{ say: 'x' }, { play: 'https://a.example/' }, undefined]), timeout: 50, inputLength: 2, terminateOn: '#' }, act, act);
const keep = (call) => { calls.push(call); for (const name of Object.keys(CallEvents)) call.addEventListener(CallEvents[name], act); call.addEventListener(CallEvents.Disconnected, over); call.addEventListener(CallEvents.Failed, over); return call; };
const over = (e) => { ends.calls += 1; if (e.call.state() !== 'TERMINATED') throw new Error('over and ' + e.call.state()); e.call.over = (e.call.over || 0) + 1; if (e.call.over > 1) throw new Error('over twice'); };
const play = (player) => { players.push(player); for (const name of Object.keys(PlayerEvents)) player.addEventListener(PlayerEvents[name], act); };
const ofCall = [(c) => c.answer(), (c) => c.answer(), (c) => c.ring(), (c) => c.startEarlyMedia(), (c) => c.reject(486), (c) => c.hangup(), (c) => c.say('x'), (c) => c.say('x'.repeat(1501)), (c) => c.startPlayback('https://a.example/', true), (c) => c.playProgressTone('US'), (c) => c.stopPlayback(), (c) => c.handleTones(true), (c) => c.sendDigits('1'), (c) => c.sendMessage('m'), (c) => c.sendInfo('a/b', 'c'), (c) => c.acceptReInvite(), (c) => c.rejectReInvite(), (c) => c.reInvite({}, 'a/b', 'c'), (c) => c.sendMediaTo(any(calls)), (c) => c.stopMediaTo(any(calls)), (c) => VoxEngine.sendMediaBetween(c, any(calls)), (c) => state().enter(c), () => IVR.reset(), (c) => VoxEngine.easyProcess, (c) => c.customData('d')];
const ofPlayer = [(p) => p.pause(), (p) => p.resume(), (p) => p.stop(), (p) => p.addMarker(5), (p) => p.sendMediaTo(any(calls)), (p) => p.stopMediaTo(any(calls))];
const once = () => {
  const at = Math.random();
  try {
    if (at < 0.1) keep(any([() => VoxEngine.callPSTN('1', '2'), () => VoxEngine.callUser('a', 'b'), () => VoxEngine.callSIP('sip:a@b.example', 'c'), () => VoxEngine.callConference('c', 'd')])());
    else if (at < 0.2) play(any([() => VoxEngine.createURLPlayer('https://a.example/', Math.random() < 0.5), () => VoxEngine.createTTSPlayer('x'.repeat(any([1, 1501])), { onPause: true }), () => VoxEngine.createToneScriptPlayer('1@-1;*')])());
    else if (at < 0.8 && calls.length > 0) any(ofCall)(any(calls));
    else if (players.length > 0 && calls.length > 0) any(ofPlayer)(any(players));
  } catch (error) { if (!/may have 10 players|may attempt 50 calls|markers|session is ending/.test(error.message)) throw error; }
};
const act = () => { for (let i = Math.floor(Math.random() * 4); i > 0; i -= 1) once(); };
VoxEngine.addEventListener(AppEvents.Started, act);
VoxEngine.addEventListener(AppEvents.CallAlerting, (e) => { keep(e.call); act(); });
VoxEngine.addEventListener(AppEvents.HttpRequest, (e) => { act(); if (e.content === 'end') VoxEngine.terminate(); return ends; });
VoxEngine.addEventListener(AppEvents.Terminating, act);
";

/// What the world knows of a session's calls and players.
struct World {
    chance: Chance,
    session: Session,
    frames: Vec<Frame>,
    outputs: Vec<Vec<Output>>,
    at: u64,
    /// Living calls: whether they are connected.
    calls: BTreeMap<u64, bool>,
    /// Living players.
    players: BTreeMap<u64, ()>,
    /// Calls that were asked for or came in.
    ever: usize,
    end: Option<End>,
}

impl World {
    fn new(seed: u8) -> (Self, cordboard_engine::Profile) {
        let mut profile = world::profile(vec![Scenario { name: "random".to_owned(), script: SCENARIO.to_owned() }]);
        profile.seed = [seed; 32];
        let session = Session::new(profile.clone(), world::catalogue());
        let chance = Chance::new(&[seed ^ 0x5a; 32]);
        let made = Self { chance, session, frames: Vec::new(), outputs: Vec::new(), at: 0, calls: BTreeMap::new(), players: BTreeMap::new(), ever: 0, end: None };
        (made, profile)
    }

    fn below(&mut self, most: usize) -> usize {
        let fraction = self.chance.fraction();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let number = (fraction * most as f64) as usize;
        number
    }

    fn handle(&mut self, input: Input) {
        let frame = Frame { now: world::now(self.at), input };
        self.session.handle(frame.now, frame.input.clone());
        let outputs: Vec<_> = std::iter::from_fn(|| self.session.poll()).collect();
        for output in &outputs {
            self.heed(output);
        }
        self.frames.push(frame);
        self.outputs.push(outputs);
    }

    /// Nothing is done to what is over.
    fn heed(&mut self, output: &Output) {
        assert!(self.end.is_none(), "after the end: {output:?}");
        match output {
            Output::Place { call, .. } => {
                assert!(self.calls.insert(*call, false).is_none());
            }
            // The session itself refuses what comes in beyond the limit.
            Output::Call { call, action: CallAction::Reject { code: 403, .. } } => {
                assert_eq!(self.calls.remove(call), Some(false));
                self.ever -= 1;
            }
            Output::Call { call, action } => {
                let connected = self.calls.get(call).copied();
                assert!(connected.is_some(), "{call}: {action:?}");
                if matches!(action, CallAction::Answer { .. } | CallAction::Ring { .. } | CallAction::EarlyMedia { .. }) {
                    assert_eq!(connected, Some(false), "{action:?}");
                }
            }
            Output::Play { player, .. } => assert!(self.players.insert(*player, ()).is_none()),
            Output::Player { player, action } => {
                assert!(self.players.contains_key(player), "{player}: {action:?}");
                if *action == PlayerAction::Stop {
                    self.players.remove(player);
                }
            }
            Output::Wire { from, to } | Output::Unwire { from, to } => {
                assert!(self.calls.contains_key(to), "{output:?}");
                match from {
                    Unit::Call(call) => assert!(self.calls.contains_key(call), "{output:?}"),
                    Unit::Player(player) => assert!(self.players.contains_key(player), "{output:?}"),
                }
            }
            Output::Log(line) => {
                assert!(!line.starts_with("Uncaught"), "{line}");
                // Some fail without having been placed.
                self.ever += usize::from(line.starts_with("Executing JS command: Call with"));
            }
            Output::Ended(end) => self.end = Some(end.clone()),
            _ => {}
        }
    }

    fn step(&mut self) {
        self.at += self.below(40) as u64;
        while let Some(due) = self.session.deadline().map(|(due, _)| world::since_start(due)).filter(|due| *due <= self.at) {
            let now = std::mem::replace(&mut self.at, due);
            self.handle(Input::Tick);
            self.at = now.max(due);
        }
        let call = self.below(self.calls.len().max(1));
        let call = self.calls.iter().nth(call).map(|(call, connected)| (*call, *connected));
        let player = self.below(self.players.len().max(1));
        let player = self.players.keys().nth(player).copied();
        match (self.below(20), call, player) {
            (0, ..) if self.ever < 45 => {
                let number = (1 << 40) + self.frames.len() as u64;
                self.calls.insert(number, false);
                self.ever += 1;
                let text = || "x".to_owned();
                let alerting = Alerting {
                    callerid: text(),
                    destination: text(),
                    display_name: text(),
                    to_uri: text(),
                    from_uri: text(),
                    headers: Vec::new(),
                    custom_data: String::new(),
                    client_type: "sip".to_owned(),
                };
                self.handle(Input::Alerting { call: number, alerting: Box::new(alerting) });
            }
            (1, ..) => {
                let request = self.frames.len() as u64;
                self.handle(Input::Request { request, method: "GET".to_owned(), path: "/".to_owned(), content: String::new(), headers: Vec::new() });
            }
            (2..=7, _, Some(player)) => {
                let event = [
                    PlayerEvent::Ready { duration_ms: 10 },
                    PlayerEvent::Started { duration_ms: 10 },
                    PlayerEvent::Marked { offset_ms: 5 },
                    PlayerEvent::Finished { error: None },
                    PlayerEvent::Finished { error: Some("404".to_owned()) },
                ][self.below(5)]
                .clone();
                if matches!(event, PlayerEvent::Finished { .. }) {
                    self.players.remove(&player);
                }
                self.handle(Input::Player { player, event });
            }
            (_, Some((call, connected)), _) => {
                let event = self.event(connected, call >= 1 << 40);
                match event {
                    CallEvent::Connected { .. } => {
                        self.calls.insert(call, true);
                    }
                    CallEvent::Failed { .. } | CallEvent::Disconnected { .. } => {
                        self.calls.remove(&call);
                    }
                    _ => {}
                }
                self.handle(Input::Call { call, event });
            }
            _ => {}
        }
    }

    fn event(&mut self, connected: bool, incoming: bool) -> CallEvent {
        let text = || "x".to_owned();
        let over = CallEvent::Disconnected { reason: text(), internal_code: 200, headers: Vec::new() };
        if connected {
            return [
                over,
                CallEvent::Tone { tone: '1', kind: 1 },
                CallEvent::Tone { tone: '#', kind: 3 },
                CallEvent::Message { text: text(), headers: Vec::new() },
                CallEvent::Info { mime_type: text(), body: text(), headers: Vec::new() },
                CallEvent::ReInvite { mime_type: text(), body: text(), headers: Vec::new() },
                CallEvent::ReInviteRejected { code: 488, headers: Vec::new() },
                CallEvent::Held { on: true },
                CallEvent::Silent { on: true },
            ][self.below(9)]
            .clone();
        }
        let joined = CallEvent::Connected { sip_call_id: text(), display_name: text(), headers: Vec::new(), encrypted: true, transport: text() };
        let failed = if incoming { over } else { CallEvent::Failed { code: 486, reason: text(), headers: Vec::new() } };
        [joined.clone(), joined, failed, CallEvent::Ringing { headers: Vec::new() }, CallEvent::AudioStarted { code: 183, headers: Vec::new(), transport: text() }]
            [self.below(5)]
        .clone()
    }
}

#[test]
fn random_scenarios_in_a_random_world_end_every_call_once() {
    let mut turns = 0;
    for seed in 0..SEEDS {
        let (mut world, profile) = World::new(seed);
        world.handle(Input::Start);
        for _ in 0..STEPS {
            if world.end.is_none() {
                world.step();
            }
        }
        if world.end.is_none() {
            world.handle(Input::Request { request: 1, method: "GET".to_owned(), path: "/".to_owned(), content: "end".to_owned(), headers: Vec::new() });
        }
        let end = world.end.clone().unwrap_or_else(|| panic!("seed {seed} did not end"));
        assert_eq!(end.calls.len(), world.ever, "seed {seed}");
        assert!(end.calls.iter().all(|leg| leg.end_code >= 200 && leg.successful == (leg.end_code == 200)), "seed {seed}: {:?}", end.calls);
        turns += world.frames.len();
        let recording = Recording { profile, frames: world.frames };
        assert_eq!(recording.replay(world::catalogue()), world.outputs, "seed {seed}");
    }
    assert!(turns > usize::from(SEEDS) * STEPS / 2, "the stories are short: {turns} turns");
}
