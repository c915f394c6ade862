//! One story for each path, and one for each defect that was found.

mod access;
mod answers;
mod byhand;
mod endings;
mod inbound;
mod outbound;
mod scripts;
mod sound;

use cordboard_sip::Transport::{Tcp, Udp, Ws};

use super::*;

/// A world with audio that can fall silent.
fn world() -> World {
    let mut world = World::new(1);
    world.audio.packets = true;
    world
}

/// A user and its phone.
fn user(world: &mut World, name: &str, transport: sip::Transport) -> PhoneId {
    if !world.directory.users.contains_key(name) {
        world.directory.user(name);
    }
    world.phone(name, transport)
}

fn registered(world: &mut World, name: &str, transport: sip::Transport) -> PhoneId {
    let phone = user(world, name, transport);
    world.act(phone, Deed::Register(3_600));
    world.run(500);
    assert_eq!(world.phones[phone].replies, [200]);
    world.phones[phone].seen.clear();
    phone
}

fn rule(world: &mut World, destination: &str, plan: Plan) {
    world.directory.rules.insert(destination.to_owned(), Mind::Plan(plan));
}

fn script(world: &mut World, destination: &str, script: &str) {
    world.directory.rules.insert(destination.to_owned(), Mind::Script(script.to_owned()));
}

/// Nobody does anything any more: registrations end, and nothing is left.
#[track_caller]
fn quiet(world: &mut World) {
    assert!(world.settle(), "{:?}", world.queue);
    assert_eq!(world.faults(), Vec::<String>::new(), "{:?}", world.ledger.explanations);
}

/// What a phone saw and said, in order.
#[track_caller]
fn saw(world: &World, phone: PhoneId, expected: &str) {
    assert_eq!(world.phones[phone].messages().join(", "), expected);
}

fn explained(world: &World) -> Vec<&str> {
    world.ledger.explanations.iter().map(|(_, text)| text.as_str()).collect()
}

fn rows(world: &World) -> Vec<&str> {
    world.ledger.rows.values().flatten().map(|row| row.finish_reason.as_str()).collect()
}
