//! Random stories: each is its seed, can be printed, and is told the same way again.
//!
//! In orderly ones nothing is lost and nobody disturbs, so that a small model foresees how every call ends. In disorderly ones
//! anything happens, and what must hold is what the ledger says: whatever was opened is closed, every session has one history
//! row, no call ends twice, and nothing waits for ever.

use std::{fmt::Write, net::SocketAddr};

use cordboard_engine::{CallAction, Output, PlayerAction, Unit};
use cordboard_sip::Transport;

use super::{Deed, HOLD, Link, Manner, Mind, NO_CODEC, Nat, OFFER, PhoneId, Plan, Then, World, to_number, to_uri, to_user};
use crate::{Input, Revoked};

/// A scenario that joins its caller with a user and a tone.
const FORWARDING: &str = "VoxEngine.addEventListener(AppEvents.CallAlerting, ({ call }) => {
  const out = VoxEngine.callUser({ username: 'user0', callerid: call.callerid() });
  call.ring();
  VoxEngine.easyProcess(call, out, () => call.sendMessage('joined'));
  out.addEventListener(CallEvents.Failed, () => { call.answer(); call.say('Nobody is there.'); setTimeout(() => call.hangup(), 5000); });
});";

/// What may happen in a disorderly story beside what phones do.
#[derive(Clone, Debug)]
enum Act {
    Phone(PhoneId, Deed),
    Begin(Plan),
    Stop,
    Break,
    /// A session asks for something that makes no sense now, or does.
    Meddle,
    ForgetNat(PhoneId),
    Jump(i64),
    /// A user must prove itself, or everybody.
    Revoke(i64),
    StandStill(u64),
    Network(PhoneId, Link),
    /// The connections of a phone end; it lives on.
    Disconnect(PhoneId),
    Drain,
    RestartNode,
}

fn pick<T: Clone>(world: &mut World, of: &[T]) -> Option<T> {
    let at = usize::try_from(world.below(of.len() as u64)).unwrap_or_default();
    of.get(at).cloned()
}

/// Tells an orderly story.
///
/// # Errors
/// The story with what did not end as foreseen, or was left.
pub fn orderly(seed: u64) -> Result<(), String> {
    let mut world = World::new(seed);
    world.audio.packets = true;
    let mut told = String::new();
    world.directory.user("bob");
    let bob = world.phone("bob", Transport::Udp);
    world.act(bob, Deed::Register(3_600));
    world.run(1_000);
    let mut foreseen = Vec::new();
    for number in 0..1 + world.below(8) {
        let name = format!("user{number}");
        if world.percent(90) {
            world.directory.user(&name);
        }
        let transport = pick(&mut world, &[Transport::Udp, Transport::Tcp, Transport::Ws]).unwrap_or(Transport::Udp);
        let phone = world.phone(&name, transport);
        // Moments of phones and of sessions never meet: nothing here is decided by who is first by a hair.
        let cancels_ms = world.percent(30).then(|| 250 + 500 * world.below(160));
        let talks_ms = world.percent(60).then(|| 250 + 500 * world.below(60));
        let says = if world.percent(10) { NO_CODEC } else { OFFER };
        let manner = Manner { cancels_ms, talks_ms, says, ..Manner::default() };
        let plan = if world.percent(90) { Some(orderly_plan(&mut world)) } else { None };
        if let Some(plan) = &plan {
            world.directory.rules.insert(name.clone(), Mind::Plan(plan.clone()));
        }
        let expected = foresee(world.directory.users.contains_key(&name), &manner, plan.as_ref());
        let _ = writeln!(told, "{name} over {transport:?} calls with {manner:?} and {plan:?}: {expected}");
        world.phones.iter_mut().filter(|known| known.name == name).for_each(|known| known.manner = manner.clone());
        world.later(phone, 1_000 * number, Deed::Dial(name));
        foreseen.push((phone, expected));
    }
    world.run(200_000);
    for (phone, expected) in foreseen {
        let ends = world.phones.get(phone).map(|phone| phone.ends.clone()).unwrap_or_default();
        if ends != [expected.as_str()] {
            return Err(format!("seed {seed}: {phone} ended {ends:?}, foreseen {expected}\n{told}"));
        }
    }
    finish(&mut world, seed, &told)
}

fn orderly_plan(world: &mut World) -> Plan {
    let moment = |world: &mut World| 100 + 500 * (1 + world.below(140));
    let mut plan = Plan { rings_ms: world.percent(50).then_some(100), ..Plan::default() };
    match world.below(10) {
        0 => {}
        1 | 2 => plan.rejects = Some((moment(world), pick(world, &[403, 404, 486, 603]).unwrap_or(486))),
        3 => plan.ends_ms = Some(moment(world)),
        _ => {
            plan.answers_ms = Some(moment(world));
            plan.early_ms = world.percent(30).then_some(200);
            plan.plays = world.percent(30);
        }
    }
    plan.hangs_up_ms = Some(500 * (1 + world.below(60)));
    plan
}

/// How a caller's call ends: the first of what may end it.
fn foresee(known: bool, caller: &Manner, plan: Option<&Plan>) -> String {
    if !known {
        return "failed 407".to_owned();
    }
    let Some(plan) = plan else { return "failed 404".to_owned() };
    let answer = if caller.says == NO_CODEC { Some("failed 488") } else { None };
    let early = plan.early_ms.filter(|_| answer.is_some() && plan.answers_ms.is_some());
    let mut ends = vec![(60_000, "failed 480".to_owned())];
    ends.extend(caller.cancels_ms.map(|ms| (ms, "failed 487".to_owned())));
    ends.extend(plan.rejects.map(|(ms, code)| (ms, format!("failed {code}"))));
    ends.extend(plan.ends_ms.map(|ms| (ms, "failed 603".to_owned())));
    ends.extend(early.map(|ms| (ms, "failed 488".to_owned())));
    ends.extend(plan.answers_ms.map(|ms| (ms, answer.unwrap_or("answered").to_owned())));
    let end = ends.into_iter().min_by_key(|(ms, _)| *ms).map(|(_, end)| end).unwrap_or_default();
    if end != "answered" {
        return end;
    }
    // The caller's own hang-up at the time when it would have given up comes first, too.
    let answered = plan.answers_ms.unwrap_or_default();
    let mut ends = vec![(plan.hangs_up_ms.unwrap_or(u64::MAX), "ended Bye")];
    ends.extend(caller.talks_ms.map(|ms| (ms, "ended Local")));
    ends.extend(caller.cancels_ms.map(|ms| (ms.saturating_sub(answered), "ended Local")));
    ends.into_iter().min_by_key(|(ms, _)| *ms).map(|(_, end)| end.to_owned()).unwrap_or_default()
}

/// Tells a disorderly story.
///
/// # Errors
/// The story with what was left or went wrong.
pub fn disorderly(seed: u64) -> Result<(), String> {
    disorder(seed).1
}

/// A disorderly story as it is told, whom it is about, and what every phone saw and said, with milliseconds.
pub fn printed(seed: u64) -> String {
    let (world, end, mut told) = disorder(seed);
    for phone in &world.phones {
        let _ = writeln!(told, "{} at {}:", phone.name, phone.address);
        for (at, text) in &phone.seen {
            let _ = writeln!(told, "  {at} {text}");
        }
    }
    for (session_id, text) in &world.ledger.explanations {
        let _ = writeln!(told, "session {session_id}: {text}");
    }
    let _ = writeln!(told, "{}", if end.is_ok() { "It ends well." } else { "It ends badly." });
    told
}

fn disorder(seed: u64) -> (World, Result<(), String>, String) {
    let mut world = World::new(seed);
    world.audio.packets = true;
    let mut told = String::new();
    let worst = [(1, 1), (0, 5), (5, 300), (0, 3_000)];
    world.delays.media = pick(&mut world, &worst).unwrap_or((1, 1));
    world.delays.look_up = pick(&mut world, &worst).unwrap_or((1, 1));
    world.delays.session = pick(&mut world, &worst).unwrap_or((1, 1));
    let _ = writeln!(told, "{:?}", world.delays);
    // Seldom, because it makes a frame every 20 ms.
    if world.percent(5) {
        let _ = writeln!(told, "with the real audio");
        world.hear();
    }
    people(&mut world, &mut told);
    rules(&mut world, &mut told);
    let mut acts: Vec<(u64, Act)> = (0..5 + world.below(60)).map(|_| act(&mut world)).collect();
    acts.sort_by_key(|(at, _)| *at);
    for (at, act) in acts {
        let passed = world.passed_ms();
        world.run(at.saturating_sub(passed));
        let _ = writeln!(told, "{at}: {act:?}");
        perform(&mut world, act);
    }
    let passed = world.passed_ms();
    world.run(200_000_u64.saturating_sub(passed));
    if world.percent(30) {
        let _ = writeln!(told, "everybody vanishes");
        for phone in 0..world.phones.len() {
            perform(&mut world, Act::Phone(phone, Deed::Vanish));
        }
    }
    let end = finish(&mut world, seed, &told);
    (world, end, told)
}

/// Whoever still talks hangs up over a network that is well again; then nothing may be left.
fn finish(world: &mut World, seed: u64, told: &str) -> Result<(), String> {
    for phone in 0..world.phones.len() {
        perform(world, Act::Network(phone, Link::default()));
    }
    for _ in 0..3 {
        for phone in 0..world.phones.len() {
            let calls: Vec<_> = world.phones.get(phone).map(|phone| phone.calls.keys().copied().collect()).unwrap_or_default();
            for call in calls {
                world.act(phone, Deed::HangUp(Some(call)));
            }
        }
        world.run(100_000);
    }
    if !world.settle() {
        return Err(format!("seed {seed}: something goes on for ever: {:?} {:?}\n{told}", world.queue.first_key_value(), world.due.first()));
    }
    let faults = world.faults();
    if faults.is_empty() { Ok(()) } else { Err(format!("seed {seed}: {faults:#?}\n{told}")) }
}

fn network(world: &mut World) -> Link {
    let good = Link::default();
    let links = [good, good, Link { latency_ms: (5, 80), lost: 5, doubled: 5 }, Link { latency_ms: (5, 700), lost: 30, doubled: 20 }];
    pick(world, &links).unwrap_or_default()
}

fn manner(world: &mut World) -> Manner {
    let after = |world: &mut World| world.below(5_000);
    let then = match world.below(8) {
        0 => Then::Nothing,
        1 | 2 => {
            let status = pick(world, &[480, 486, 488, 500, 603]).unwrap_or(486);
            Then::Refuse(after(world), status)
        }
        _ => Then::Answer(after(world)),
    };
    Manner {
        rings_ms: world.percent(70).then_some(50),
        early: world.percent(20),
        then,
        talks_ms: world.percent(60).then(|| world.below(60_000)),
        cancels_ms: world.percent(30).then(|| world.below(10_000)),
        says: pick(world, &[OFFER, OFFER, OFFER, OFFER, OFFER, HOLD, NO_CODEC, ""]).unwrap_or(OFFER),
    }
}

fn people(world: &mut World, told: &mut String) {
    for number in 0..1 + world.below(4) {
        let name = format!("user{number}");
        world.directory.user(&name);
        for _ in 0..1 + world.below(3) {
            let transport = pick(world, &[Transport::Udp, Transport::Udp, Transport::Tcp, Transport::Ws]).unwrap_or(Transport::Udp);
            let phone = world.phone(&name, transport);
            if world.percent(30) {
                let public = std::net::IpAddr::from([198, 51, 100, u8::try_from(phone).unwrap_or_default()]);
                world.behind_nat(phone, Nat::new(public, 30_000));
            }
            if world.percent(10)
                && let Some(credentials) = world.phones.get_mut(phone).and_then(|phone| phone.credentials.as_mut())
            {
                credentials.password.push('x');
            }
            if world.percent(15) {
                one_connection(world, phone, &name);
            }
            world.later(phone, 0, Deed::Register(300));
        }
    }
    if world.percent(30) {
        let stranger = world.phone("stranger", Transport::Udp);
        let listed = world.percent(50);
        if let Some(phone) = world.phones.get_mut(stranger) {
            (phone.credentials, phone.domain) = (None, "elsewhere.test".to_owned());
            if listed {
                world.directory.listed.insert(phone.address.ip());
            }
        }
    }
    let pbx = SocketAddr::from(([198, 51, 100, 200], 5060));
    world.phone_at("carol", Transport::Udp, pbx, None);
    world.directory.hosts.insert("pbx.test".to_owned(), vec!["2001:db8::200".parse().unwrap_or(pbx.ip()), pbx.ip()]);
    let asks = world.percent(50);
    world.carrier(asks);
    for phone in 0..world.phones.len() {
        let (link, manner) = (network(world), manner(world));
        if let Some(phone) = world.phones.get_mut(phone) {
            let _ = writeln!(told, "{} over {:?}, {:?}, {link:?}, {manner:?}", phone.name, phone.transport, phone.nat);
            (phone.link, phone.manner) = (link, manner);
        }
    }
}

/// A phone has a credential in place of a password, perhaps as a guest, perhaps one that another phone has, too.
fn one_connection(world: &mut World, phone: PhoneId, name: &str) {
    let number = world.below(3);
    let username = format!("cc-{name}-{number}");
    let guest = world.percent(50);
    if !world.directory.users.contains_key(&username) {
        let credential = i64::try_from(world.directory.users.len()).unwrap_or_default();
        world.directory.add(&username, name, guest, Some(credential));
    }
    if let Some(phone) = world.phones.get_mut(phone) {
        phone.credentials = Some(World::credentials(&username));
    }
}

fn plan(world: &mut World) -> Plan {
    let after = |world: &mut World| world.below(4_000);
    let mut plan = Plan { rings_ms: world.percent(50).then(|| after(world)), ..Plan::default() };
    match world.below(12) {
        0 => {}
        1 => plan.rejects = Some((after(world), 486)),
        2..5 => plan.forwards = true,
        5 => plan.answers_ms = Some(59_000 + world.below(1_500)),
        _ => plan.answers_ms = Some(after(world)),
    }
    plan.early_ms = world.percent(20).then(|| after(world));
    plan.plays = world.percent(40);
    plan.hangs_up_ms = world.percent(70).then(|| world.below(60_000));
    plan.ends_ms = world.percent(20).then(|| world.below(20_000));
    for _ in 0..world.below(3) {
        let users = world.directory.users.keys().filter(|name| name.starts_with("user")).count() as u64;
        let placing = match world.below(20) {
            0..3 => to_number("15550123"),
            3 => to_number("4930123"),
            4 => to_uri("sip:carol@nowhere.test"),
            5..7 => to_uri("sip:carol@pbx.test"),
            7..9 => to_uri("sip:carol@pbx.test;transport=tcp"),
            9 => to_user("nobody"),
            _ => to_user(&format!("user{}", world.below(users))),
        };
        let mut placing = placing;
        if world.percent(20) {
            placing.headers.push(("VI-CallTimeout".to_owned(), (10 + world.below(10)).to_string()));
        }
        plan.places.push(placing);
    }
    plan
}

fn rules(world: &mut World, told: &mut String) {
    for number in 0..4 {
        let plan = plan(world);
        let _ = writeln!(told, "rule{number}: {plan:?}");
        world.directory.rules.insert(format!("rule{number}"), Mind::Plan(plan));
    }
    let plan = plan(world);
    world.directory.rules.insert("15550100".to_owned(), Mind::Plan(plan));
    if world.percent(10) {
        let _ = writeln!(told, "rule0 is a scenario");
        world.directory.rules.insert("rule0".to_owned(), Mind::Script(FORWARDING.to_owned()));
    }
}

fn act(world: &mut World) -> (u64, Act) {
    let at = world.below(180_000);
    let phone = usize::try_from(world.below(world.phones.len() as u64)).unwrap_or_default();
    let deed = |deed| Act::Phone(phone, deed);
    let act = match world.below(100) {
        0..40 => deed(Deed::Dial(if phone + 1 == world.phones.len() { "sip:15550100@192.0.2.1".to_owned() } else { format!("rule{}", world.below(5)) })),
        40..46 => deed(Deed::HangUp(None)),
        46..48 => Act::Meddle,
        48..54 => deed(Deed::Reinvite(pick(world, &[OFFER, HOLD, NO_CODEC, "rubbish"]).unwrap_or(OFFER))),
        54..57 => deed(Deed::Inside(pick(world, &["INFO", "MESSAGE", "OPTIONS", "UPDATE", "REFER"]).unwrap_or("INFO"))),
        57..63 => deed(Deed::Register(pick(world, &[0, 60, 300]).unwrap_or(300))),
        63..67 => deed(Deed::KeepAlive),
        67..71 => deed(Deed::Vanish),
        71..75 => deed(Deed::Return),
        75..79 => deed(Deed::Restart),
        79..86 => Act::Begin(plan(world)),
        86..88 => Act::Stop,
        88..90 => Act::Break,
        90..93 => Act::ForgetNat(phone),
        93..95 => Act::Jump(i64::try_from(world.below(7_200_000)).unwrap_or_default() - 3_600_000),
        95 => Act::StandStill(world.below(50_000)),
        96 => Act::Revoke(i64::try_from(world.below(4)).unwrap_or_default()),
        97 => Act::Network(phone, network(world)),
        98 => Act::Disconnect(phone),
        _ if world.percent(50) => Act::RestartNode,
        _ => Act::Drain,
    };
    (at, act)
}

fn perform(world: &mut World, act: Act) {
    match act {
        Act::Phone(phone, deed) => world.act(phone, deed),
        Act::Begin(plan) => {
            world.begin_session(Mind::Plan(plan), false);
        }
        Act::Stop => {
            let running: Vec<i64> = world.sessions.keys().copied().collect();
            if let Some(session_id) = pick(world, &running) {
                world.stop_session(session_id);
            }
        }
        Act::Break => {
            world.break_a_leg();
        }
        Act::Meddle => meddle(world),
        Act::ForgetNat(phone) => world.forget_nat(phone),
        Act::Jump(ms) => world.jump_utc(ms),
        Act::Revoke(user_id) => {
            let user = Revoked::User { account_id: 1, application_id: 1, user_id, name: format!("user{user_id}") };
            world.tell_switch(Input::Revoked(if user_id == 0 { Revoked::Account { account_id: 1 } } else { user }));
        }
        Act::StandStill(ms) => world.stand_still(ms),
        Act::Network(phone, link) => {
            if let Some(phone) = world.phones.get_mut(phone) {
                phone.link = link;
            }
        }
        Act::Disconnect(phone) => world.close_connections(phone),
        Act::RestartNode => world.restart_node(),
        Act::Drain => world.tell_switch(Input::Drain),
    }
}

/// What no engine says: to calls that are over, twice, out of order, to others' calls.
fn meddle(world: &mut World) {
    let running: Vec<i64> = world.sessions.keys().copied().collect();
    let Some(session_id) = pick(world, &running) else { return };
    let mut calls: Vec<u64> = world.ledger.calls.keys().map(|(_, call)| *call).collect();
    calls.push(77);
    for _ in 0..1 + world.below(4) {
        let (Some(call), Some(other)) = (pick(world, &calls), pick(world, &calls)) else { return };
        let headers = Vec::new;
        let action = |action| Output::Call { call, action };
        let output = match world.below(14) {
            0 => action(CallAction::Ring { headers: headers() }),
            1 => action(CallAction::EarlyMedia { headers: headers() }),
            2 | 3 => action(CallAction::Answer { headers: headers(), display_name: String::new() }),
            4 => action(CallAction::Reject { code: 486, headers: headers() }),
            5 => action(CallAction::Hangup { headers: headers() }),
            6 => action(CallAction::Tones { telephone_event: true, info: true }),
            7 => action(CallAction::Digits { digits: "1p2".to_owned() }),
            8 => action(CallAction::Message { text: "text".to_owned() }),
            9 => action(CallAction::ReInvite { mime_type: String::new(), body: String::new(), headers: headers() }),
            10 => Output::Wire { from: Unit::Call(other), to: call },
            11 => Output::Unwire { from: Unit::Call(other), to: call },
            12 => Output::Player { player: 10_001, action: PlayerAction::Stop },
            _ => Output::Player { player: 10_001, action: PlayerAction::Resume },
        };
        world.request(session_id, output);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stories that once ended badly.
    const KEPT: [u64; 3] = [1_045, 1_205, 60_473];

    #[test]
    fn every_orderly_call_ends_as_foreseen() {
        for seed in 0..150 {
            if let Err(story) = orderly(seed) {
                panic!("{story}");
            }
        }
    }

    #[test]
    fn whatever_happens_nothing_is_left_and_nothing_waits_for_ever() {
        for seed in KEPT.into_iter().chain(1_000..1_150) {
            if let Err(story) = disorderly(seed) {
                panic!("{story}");
            }
        }
    }
}
