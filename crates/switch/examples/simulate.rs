//! How many one-minute calls the simulated world runs per second and core, and random stories by their seeds.
//!
//! `simulate [CALLS]` prints the figure; `simulate stories FROM TO` tells the disorderly stories of these seeds and prints those
//! that end badly; `simulate story SEED` prints one with what every phone saw.

use cordboard_sip::Transport;
use cordboard_switch::sim::{Deed, Mind, Plan, World, random};

/// What the issue asks for.
const TARGET: f64 = 1_000.0;

/// Calls that begin in one second of the world, so that sixty times as many talk at once.
const PER_SECOND: u64 = 100;

const PHONES: u64 = 50;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, otherwise: u64| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    if arguments.first().is_some_and(|first| first == "stories") {
        return stories(number(1, 0), number(2, 1_000));
    }
    let calls = number(0, 20_000);
    if arguments.first().is_some_and(|first| first == "story") {
        return print!("{}", random::printed(number(1, 0)));
    }
    let began = processor_seconds();
    let connected = run(calls);
    let spent = processor_seconds() - began;
    // Calls are far below what a double counts exactly.
    #[allow(clippy::cast_precision_loss)]
    let rate = connected as f64 / spent;
    println!("{connected} of {calls} one-minute calls in {spent:.2} s of processor time: {rate:.0} calls per second and core (target {TARGET:.0})");
    if rate < TARGET || connected != calls {
        std::process::exit(1);
    }
}

/// Authenticated calls that ring, are answered, hear a tone, and are hung up by their sessions a minute later.
fn run(calls: u64) -> u64 {
    let mut world = World::new(7);
    (world.records, world.audio.packets) = (false, true);
    let plan = Plan { rings_ms: Some(100), answers_ms: Some(1_000), plays: true, hangs_up_ms: Some(60_000), ..Plan::default() };
    world.directory.rules.insert("echo".to_owned(), Mind::Plan(plan));
    for number in 0..PHONES {
        let name = format!("user{number}");
        world.directory.user(&name);
        let transport = [Transport::Udp, Transport::Tcp, Transport::Ws][usize::try_from(number % 3).unwrap_or_default()];
        world.phone(&name, transport);
    }
    for call in 0..calls {
        let phone = usize::try_from(call % PHONES).unwrap_or_default();
        world.act(phone, Deed::Dial("echo".to_owned()));
        world.run(1_000 / PER_SECOND);
        if call % 10_000 == 0 {
            world.ledger.forget_rows();
        }
    }
    world.settle();
    for fault in world.faults() {
        eprintln!("{fault}");
    }
    world.ledger.connected
}

fn stories(from: u64, to: u64) {
    let mut bad = 0;
    for seed in from..to {
        for story in [random::orderly(seed), random::disorderly(seed)].into_iter().filter_map(Result::err) {
            bad += 1;
            println!("{story}");
        }
    }
    println!("{} stories, {bad} ended badly", 2 * to.saturating_sub(from));
}

/// What this process has used, as Linux counts it.
fn processor_seconds() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default() / 1e9
}
