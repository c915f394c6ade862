//! Sessions: starts per second, the memory of idle ones, and the way to one over its control URL.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{
    load::{self, Measured, Plan},
    median,
    server::{Folder, Server, start_floor},
};

/// Sessions that idle at once.
const IDLE: usize = 10_000;

const RUNS: usize = 5;
const SECONDS: f64 = 5.0;

/// Runs to its `Started` handler, and ends there, so that every start is a whole life with a log and a row in the history.
const SHORT: &str = "VoxEngine.addEventListener(AppEvents.Started, (e) => { Logger.write('started ' + e.sessionId); VoxEngine.terminate(); });";

/// Stays, and answers its control URL.
const IDLING: &str = "VoxEngine.addEventListener(AppEvents.Started, (e) => { Logger.write('started ' + e.sessionId); });\
                      VoxEngine.addEventListener(AppEvents.HttpRequest, () => 'ok');";

fn megabytes(pid: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).and_then(|rest| rest.split_whitespace().next()).context("VmRSS")?;
    Ok(kilobytes.parse::<f64>()? / 1024.0)
}

pub fn run() -> Result<()> {
    let folder = Folder::new("sessions")?;
    let server = Server::start_with(&folder, &[("CORDBOARD_IDLE_LIMIT", "36000"), ("CORDBOARD_LIMITS_SESSIONS", "20000")])?;
    starts(&folder, &server)?;
    let url = idle(&folder, &server)?;
    control(&folder, &server, &url)?;
    // Ten thousand sessions would take their time to end.
    drop(server);
    Ok(())
}

fn requests(folder: &Folder, server: &Server, rule: i64, name: &str) -> Result<String> {
    let lines: Vec<String> =
        (0..2_000).map(|number| Ok(load::form_request("StartScenarios", &server.token(number)?, &format!("rule_id={rule}")))).collect::<Result<_>>()?;
    let path = folder.0.join(name);
    std::fs::write(&path, lines.join("\n"))?;
    Ok(path.to_string_lossy().into_owned())
}

fn starts(folder: &Folder, server: &Server) -> Result<()> {
    let rule = server.rule("short", SHORT)?;
    let requests = requests(folder, server, rule, "starts")?;
    let plan = Plan { port: server.port, connections: 16, seconds: SECONDS, requests: &requests, expected: "media_session_access_url" };
    let (mut rates, mut runs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let began = std::time::Instant::now();
        let run = load::run(&plan)?;
        // An accepted start counts once its session has run and ended.
        while server.call("GetLiveSessions", "count=1")?.get("total_count").and_then(Value::as_i64) != Some(0) {
            ensure!(began.elapsed().as_secs() < 120, "sessions do not end");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        rates.push(run.per_second * SECONDS / began.elapsed().as_secs_f64());
        runs.push(run);
    }
    let of = |what: fn(&Measured) -> f64| median(runs.iter().map(what).collect());
    let (p50, p99) = (of(|run| run.p50_us) / 1000.0, of(|run| run.p99_us) / 1000.0);
    println!("StartScenarios, server on one processor, until the last session has ended: {:.0}/s (at least 500), p50 {p50:.1} ms, p99 {p99:.1} ms", median(rates));
    Ok(())
}

/// Starts idle sessions, prints what they weigh, and returns the path of one's control URL.
fn idle(folder: &Folder, server: &Server) -> Result<String> {
    let rule = server.rule("idling", IDLING)?;
    let requests = requests(folder, server, rule, "idling-starts")?;
    let before = megabytes(server.process.0.id())?;
    let live = || -> Result<usize> { Ok(server.call("GetLiveSessions", "count=1")?.get("total_count").and_then(Value::as_u64).unwrap_or_default() as usize) };
    while live()? < IDLE {
        let left = (IDLE - live()?) as f64;
        load::run(&Plan { port: server.port, connections: 8, seconds: (left / 2_000.0).clamp(0.02, 2.0), requests: &requests, expected: "media_session_access_url" })?;
    }
    let answer = server.call("StartScenarios", &format!("rule_id={rule}"))?;
    let url = answer.get("media_session_access_url").and_then(Value::as_str).context("url")?.to_owned();
    // The last one answers when those before it have run.
    let path = url.splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap_or_default();
    let file = folder.0.join("last");
    std::fs::write(&file, json!(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")).to_string())?;
    load::run(&Plan { port: server.port, connections: 1, seconds: 0.5, requests: &file.to_string_lossy(), expected: "ok" })?;
    let sessions = live()?;
    let after = megabytes(server.process.0.id())?;
    println!("{sessions} idle sessions: {:.2} GiB (at most 4 GiB for {IDLE}), {:.0} KiB each", after / 1024.0, (after - before) * 1024.0 / sessions as f64);
    Ok(path)
}

fn control(folder: &Folder, server: &Server, path: &str) -> Result<()> {
    let key = folder.0.join("public.pem");
    let credentials: Value = serde_json::from_str(&std::fs::read_to_string(folder.0.join("data/credentials.json"))?)?;
    let private = folder.0.join("private.pem");
    std::fs::write(&private, credentials.get("private_key").and_then(Value::as_str).unwrap_or_default())?;
    let made = std::process::Command::new("openssl").args(["pkey", "-pubout", "-in"]).arg(&private).arg("-out").arg(&key).status()?;
    ensure!(made.success(), "openssl");
    let (_floor, floor_port) = start_floor(&key)?;
    let requests = |path: &str, name: &str| -> Result<String> {
        let file = folder.0.join(name);
        std::fs::write(&file, json!(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")).to_string())?;
        Ok(file.to_string_lossy().into_owned())
    };
    let (bare, session) = (requests("/bare", "bare")?, requests(path, "session")?);
    let measure = |port, requests: &str| load::run(&Plan { port, connections: 1, seconds: 3.0, requests, expected: "ok" });
    measure(floor_port, &bare)?;
    measure(server.port, &session)?;
    let (mut floors, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        floors.push(measure(floor_port, &bare)?.p50_us);
        ours.push(measure(server.port, &session)?.p50_us);
    }
    let (floor, ours) = (median(floors), median(ours));
    println!("control URL of an idle session beside {IDLE} others: p50 {ours:.0} µs, a bare answer {floor:.0} µs, {:.2} ms more (at most 1 ms)", (ours - floor) / 1000.0);
    Ok(())
}
