//! Benchmarks of a running Cordboard against a floor that is measured in the same run.
//!
//! `cargo run --release -p cordboard-bench -- reads|writes|start|history|sessions|calls|latency|soak|relay`, after `cargo build --release`. The server is pinned to the
//! first processor and the generator to the second; runs alternate between floor and server, and the medians are compared.

#![allow(clippy::disallowed_methods)] // Benchmarks measure time.

mod calls;
mod floor;
mod history;
mod load;
mod party;
mod phones;
mod reads;
mod relay;
mod server;
mod sessions;
mod start;
mod usage;
mod writes;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["reads"] => reads::run(),
        ["writes"] => writes::run(),
        ["start"] => start::run(),
        ["history"] => history::run(),
        ["sessions"] => sessions::run(),
        ["calls"] => calls::run(calls::RATE),
        ["calls", rate] => calls::run(rate.parse()?),
        ["latency"] => calls::latency(),
        ["soak"] => calls::soak(20_000),
        ["soak", calls] => calls::soak(calls.parse()?),
        ["relay"] => relay::run(10.0),
        ["relay", seconds] => relay::run(seconds.parse()?),
        ["weight"] => relay::memory(),
        ["peers", plan] => relay::generate(plan),
        ["bare-relay", calls, a, b] => relay::bare(calls.parse()?, a.parse()?, b.parse()?),
        ["responder"] => phones::respond(),
        ["phones", plan] => phones::generate(plan),
        ["commits", path, key] => writes::commits(path, key),
        ["floor", key] => floor::serve(key),
        ["load", plan] => load::generate(plan),
        _ => bail!("usage: cordboard-bench reads | writes | start | history | sessions | calls [RATE] | latency | soak [CALLS] | relay [SECONDS] | weight"),
    }
}

/// The middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
