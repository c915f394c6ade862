//! Durable `SetKeyRoles`, 64 connections, against one commit per write on the same file.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

use crate::{
    load::{self, Plan},
    median,
    server::{Folder, Server},
};

const CONNECTIONS: usize = 64;
const RUNS: usize = 5;
const SECONDS: f64 = 4.0;

/// Makes every sync take a millisecond longer, as on a disk without a cache that survives power loss.
const SLOW_SYNC: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>
static int later(const char *name, int file) {
    int (*sync)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    usleep(1000);
    return sync(file);
}
int fsync(int file) { return later("fsync", file); }
int fdatasync(int file) { return later("fdatasync", file); }
"#;

pub fn run() -> Result<()> {
    let folder = Folder::new("writes")?;
    let (source, library) = (folder.0.join("slow_sync.c"), folder.0.join("slow_sync.so"));
    std::fs::write(&source, SLOW_SYNC)?;
    let made = Command::new("cc").args(["-O2", "-shared", "-fPIC", "-o"]).arg(&library).arg(&source).arg("-ldl").status()?;
    ensure!(made.success(), "cc");
    compare(&folder, "this disk", &[])?;
    compare(&folder, "a disk whose sync takes 1 ms longer", &[("LD_PRELOAD", &library.to_string_lossy())])?;
    let (mut alone, mut grouped) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        alone.push(store(&folder.0.join("store.db"), 1)?);
        grouped.push(store(&folder.0.join("store.db"), CONNECTIONS)?);
    }
    let (alone, grouped) = (median(alone), median(grouped));
    println!("the store without HTTP and JWT: {CONNECTIONS} writers {grouped:.0}/s, one writer {alone:.0}/s: {:.1} ×", grouped / alone);
    Ok(())
}

fn compare(folder: &Folder, disk: &str, environment: &[(&str, &str)]) -> Result<()> {
    let (mut floors, mut ours) = (Vec::new(), Vec::new());
    for run in 1..=RUNS {
        let server = Server::start_with(folder, environment)?;
        let keys = keys(&server)?;
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
        let mut commits = Command::new(std::env::current_exe()?);
        commits.arg("commits").arg(folder.0.join("data/cordboard.db")).arg(keys.first().context("a key")?).envs(environment.iter().copied());
        let floor: f64 = String::from_utf8(commits.output()?.stdout)?.trim().parse()?;
        println!("run {run}: one commit per write {floor:.0}/s, Cordboard {:.0}/s (p50 {:.0} µs, p99 {:.0} µs)", measured.per_second, measured.p50_us, measured.p99_us);
        floors.push(floor);
        ours.push(measured.per_second);
    }
    let (floor, rate) = (median(floors), median(ours));
    println!("on {disk}: SetKeyRoles over HTTP {rate:.0}/s, one commit per write {floor:.0}/s: {:.1} × (at least 5 ×)", rate / floor);
    Ok(())
}

/// The keys of the connections; the first run makes them.
fn keys(server: &Server) -> Result<Vec<String>> {
    let id = |key: &serde_json::Value| key["key_id"].as_str().map(str::to_owned).context("key_id");
    let listed = server.call("GetKeys", "count=1000")?;
    let mut keys = listed["result"].as_array().context("keys")?.iter().skip(1).map(id).collect::<Result<Vec<_>>>()?;
    while keys.len() < CONNECTIONS {
        keys.push(id(&server.call("CreateKey", "role_name=Viewer")?["result"])?);
    }
    Ok(keys)
}

/// This process measures commits, so that the same library can be loaded into it as into the server.
pub fn commits(path: &str, key: &str) -> Result<()> {
    println!("{}", one_commit_per_write(std::path::Path::new(path), key)?);
    Ok(())
}

/// Durable writes through the store alone by so many tasks, each waiting for its commit.
fn store(path: &std::path::Path, writers: usize) -> Result<f64> {
    use cordboard_api::store::{
        db::{Db, Lock},
        meta,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let (writes, elapsed) = runtime.block_on(async {
        let db = std::sync::Arc::new(Db::sqlite(path).await?);
        let started = Instant::now();
        let tasks: Vec<_> = (0..writers)
            .map(|writer| {
                let db = db.clone();
                tokio::spawn(async move {
                    let (name, mut writes) = (format!("bench-{writer}"), 0_u32);
                    while started.elapsed() < Duration::from_secs_f64(SECONDS / 2.0) {
                        let (name, value) = (name.clone(), writes.to_string());
                        db.write(Lock::None, move |tx| Ok(meta::set(tx, &name, &value)?)).await.map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
                        writes += 1;
                    }
                    anyhow::Ok(writes)
                })
            })
            .collect();
        let mut writes = 0;
        for task in tasks {
            writes += task.await??;
        }
        let elapsed = started.elapsed();
        db.close().await;
        anyhow::Ok((writes, elapsed))
    })?;
    Ok(f64::from(writes) / elapsed.as_secs_f64())
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
