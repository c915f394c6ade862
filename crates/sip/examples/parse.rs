//! Processor time of reading and writing an INVITE: `cargo run --release -p cordboard-sip --example parse`.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made fails")]

use std::hint::black_box;

use cordboard_sip::Message;

const INVITE: &[u8] = include_bytes!("../tests/nets/corpus/message/invite.sip");
const TIMES: u64 = 200_000;

/// Nanoseconds that this thread ran, as Linux counts them: other load on the machine does not.
fn ran_ns() -> u64 {
    std::fs::read_to_string("/proc/thread-self/schedstat").unwrap().split(' ').next().unwrap().parse().unwrap()
}

fn measure(what: &str, mut run: impl FnMut()) {
    let mut rounds: Vec<u64> = (0..5)
        .map(|_| {
            let start = ran_ns();
            (0..TIMES).for_each(|_| run());
            (ran_ns() - start) / TIMES
        })
        .collect();
    rounds.sort_unstable();
    println!("{what}: {} ns (median of {})", rounds[2], rounds.len());
}

fn main() {
    println!("an INVITE of {} bytes", INVITE.len());
    let message = Message::parse(INVITE).unwrap();
    measure("parse, checked", || drop(black_box(Message::parse(black_box(INVITE)))));
    measure("parse and the fields of a dialog typed", || {
        let message = Message::parse(black_box(INVITE)).unwrap();
        let headers = message.headers();
        drop(black_box((headers.via_top(), headers.from(), headers.to(), headers.cseq(), headers.contact(), headers.addresses("Record-Route"))));
    });
    measure("write", || drop(black_box(black_box(&message).to_bytes())));
}
