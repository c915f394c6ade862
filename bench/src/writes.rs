//! Durable `SetKeyRoles`, 64 connections, against one commit per write on the same file.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::{
    load::{self, Plan},
    median,
    server::{Folder, Server},
};

const CONNECTIONS: usize = 64;
const RUNS: usize = 5;
const SECONDS: f64 = 4.0;

pub fn run() -> Result<()> {
    let folder = Folder::new("writes")?;
    let (mut floors, mut ours) = (Vec::new(), Vec::new());
    for run in 1..=RUNS {
        let server = Server::start(&folder)?;
        let mut keys = Vec::new();
        for _ in 0..CONNECTIONS {
            let made = server.call("CreateKey", "role_name=Viewer")?;
            keys.push(made["result"]["key_id"].as_str().context("key_id")?.to_owned());
        }
        // Every connection has a key of its own, whose roles differ with every write.
        let mut lines = Vec::new();
        for turn in 0..40 {
            for (connection, key) in keys.iter().enumerate() {
                let token = server.token(turn * CONNECTIONS + connection)?;
                lines.push(load::form_request("SetKeyRoles", &token, &format!("key_id={key}&role_id={}", 2 + turn % 2)));
            }
        }
        let requests = folder.0.join("requests");
        std::fs::write(&requests, lines.join("\n"))?;
        let plan = Plan { port: server.port, connections: CONNECTIONS, seconds: SECONDS, requests: &requests.to_string_lossy(), expected: "{\"result\":1}" };
        let measured = load::run(&plan)?;
        server.stop()?;
        let floor = one_commit_per_write(&folder.0.join("data/cordboard.db"), keys.first().context("a key")?)?;
        println!("run {run}: one commit per write {floor:.0}/s, Cordboard {:.0}/s (p50 {:.0} µs, p99 {:.0} µs)", measured.per_second, measured.p50_us, measured.p99_us);
        floors.push(floor);
        ours.push(measured.per_second);
    }
    let (floor, rate) = (median(floors), median(ours));
    println!("one commit per write {floor:.0}/s, Cordboard {rate:.0}/s: {:.1} × (at least 5 ×)", rate / floor);
    Ok(())
}

/// The same rows as `SetKeyRoles` changes, with `synchronous=FULL` and a commit for each.
fn one_commit_per_write(path: &std::path::Path, key: &str) -> Result<f64> {
    let connection = rusqlite::Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")?;
    let (started, mut writes) = (Instant::now(), 0_u32);
    while started.elapsed() < Duration::from_secs_f64(SECONDS) {
        let role = 2 + i64::from(writes % 2);
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        connection.prepare_cached("DELETE FROM key_roles WHERE key_id = ?1")?.execute([key])?;
        connection.prepare_cached("INSERT INTO key_roles (key_id, role_id) VALUES (?1, ?2)")?.execute((key, role))?;
        connection
            .prepare_cached(
                "INSERT INTO audit_log (account_id, requested_at, ip, key_id, cmd_name, cmd_args) VALUES (1, 0, '127.0.0.1', ?1, 'SetKeyRoles', '{\"bench\":true}')",
            )?
            .execute([key])?;
        connection.prepare_cached("COMMIT")?.execute([])?;
        writes += 1;
    }
    Ok(f64::from(writes) / started.elapsed().as_secs_f64())
}
