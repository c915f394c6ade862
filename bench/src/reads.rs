//! `GetKeyRoles` with a different JWT for each request, 32 connections, against the floor.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::{
    load::{self, Measured, Plan},
    median,
    server::{Folder, Server, start_floor},
};

const CONNECTIONS: usize = 32;
const TOKENS: usize = 40_000;
const RUNS: usize = 7;
const SECONDS: f64 = 4.0;

pub fn run() -> Result<()> {
    let folder = Folder::new("reads")?;
    let server = Server::start(&folder)?;
    println!("signing {TOKENS} tokens …");
    let body = format!("key_id={}", server.key_id);
    let lines: Vec<String> = (0..TOKENS).map(|number| Ok(load::form_request("GetKeyRoles", &server.token(number)?, &body))).collect::<Result<_>>()?;
    let requests = folder.0.join("requests");
    std::fs::write(&requests, lines.join("\n"))?;
    let (private, public) = (folder.0.join("private.pem"), folder.0.join("public.pem"));
    let credentials: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(folder.0.join("data/credentials.json"))?)?;
    std::fs::write(&private, credentials.get("private_key").and_then(|key| key.as_str()).unwrap_or_default())?;
    let made = Command::new("openssl").args(["pkey", "-pubout", "-in"]).arg(&private).arg("-out").arg(&public).status()?;
    ensure!(made.success(), "openssl");
    let (_floor, floor_port) = start_floor(&public)?;

    let requests = requests.to_string_lossy().into_owned();
    let measure = |port| load::run(&Plan { port, connections: CONNECTIONS, seconds: SECONDS, requests: &requests, expected: "\"role_name\"" });
    measure(floor_port)?;
    measure(server.port)?;
    let (mut floors, mut ours): (Vec<Measured>, Vec<Measured>) = (Vec::new(), Vec::new());
    for run in 1..=RUNS {
        floors.push(measure(floor_port)?);
        ours.push(measure(server.port)?);
        println!("run {run}: floor {:.0}/s, Cordboard {:.0}/s", floors[run - 1].per_second, ours[run - 1].per_second);
    }
    let of = |runs: &[Measured], what: fn(&Measured) -> f64| median(runs.iter().map(what).collect());
    let rate = of(&ours, |run| run.per_second) / of(&floors, |run| run.per_second);
    let p99 = of(&ours, |run| run.p99_us) / of(&floors, |run| run.p99_us);
    println!("floor:     {:.0}/s, p50 {:.0} µs, p99 {:.0} µs", of(&floors, |run| run.per_second), of(&floors, |run| run.p50_us), of(&floors, |run| run.p99_us));
    println!("Cordboard: {:.0}/s, p50 {:.0} µs, p99 {:.0} µs", of(&ours, |run| run.per_second), of(&ours, |run| run.p50_us), of(&ours, |run| run.p99_us));
    println!("rate {:.0} % of the floor (at least 60 %), p99 {p99:.2} × the floor's (at most 4 ×)", rate * 100.0);
    server.stop()
}
