//! One page of `GetCallHistory` for each filter, with 1,000,000 sessions stored against 10,000, and the report of all of them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{
    load::form_request,
    median,
    server::{Folder, Server},
};

const FEW: i64 = 10_000;

/// Sessions that all match every filter: a page behind 10,000 matches is in a small installation only then.
const ALIKE: i64 = 10_020;
const MANY: i64 = 1_000_000;
const RUNS: usize = 7;

/// Sessions with the duration that few have, in every installation.
const RARE: i64 = 30;

/// Requests of one run.
const REQUESTS: usize = 40;

/// Bytes of the answers' heads and bodies that are read at once.
const BUFFER_BYTES: usize = 64 * 1024;

/// Name and parameters.
const FILTERS: [(&str, &str); 17] = [
    ("no filter", ""),
    ("newest first", "desc_order=true"),
    ("application", "application_id={application}"),
    ("rule", "application_id={application}&rule_name=rule-0"),
    ("user", "user_id={user}"),
    ("10 users", "user_id={users}"),
    ("remote number", "remote_number=%2B4100000000"),
    ("10 remote numbers", "remote_number={numbers}"),
    ("local number", "local_number=900"),
    ("custom data", "call_session_history_custom_data=campaign-0"),
    ("custom data + application", "call_session_history_custom_data=campaign-0&application_id={application}"),
    ("duration of few sessions", "min_duration=4000"),
    ("duration of half", "min_duration=1800"),
    ("remote number + application", "remote_number=%2B4100000000&application_id={application}"),
    ("application + duration of few", "application_id={application}&min_duration=4000"),
    ("100 ids", "call_session_history_id={ids}"),
    ("with calls", "with_calls=true"),
];

pub fn run() -> Result<()> {
    let folders = (Folder::new("history-few")?, Folder::new("history-alike")?, Folder::new("history-many")?);
    let few = Installation::start(&folders.0, FEW, true)?;
    let alike = Installation::start(&folders.1, ALIKE, false)?;
    let many = Installation::start(&folders.2, MANY, true)?;
    println!("{:<32}{:>8}{:>12}{:>12}{:>8}{:>12}{:>12}{:>8}{:>8}", "filter", "offset", "CPU µs 10k", "CPU µs 1M", "ratio", "time 10k", "time 1M", "ratio", "rows");
    for (name, filter) in FILTERS {
        for offset in [0, 10_000] {
            // So many sessions do not match these in any installation.
            if offset > 0 && (filter.contains("{ids}") || filter.contains("4000")) {
                continue;
            }
            let few = if offset > 0 { &alike } else { &few };
            let (mut small, mut large) = (Vec::new(), Vec::new());
            for run in 0..=RUNS {
                let of_few = few.measure(filter, offset)?;
                let of_many = many.measure(filter, offset)?;
                // The first fills caches.
                if run > 0 {
                    small.push(of_few);
                    large.push(of_many);
                }
            }
            let of = |runs: &[Measured], what: fn(&Measured) -> f64| median(runs.iter().map(what).collect());
            let [cpu_few, cpu_many] = [&small, &large].map(|runs| of(runs, |run| run.cpu_us));
            let [time_few, time_many] = [&small, &large].map(|runs| of(runs, |run| run.median_us));
            println!(
                "{name:<32}{offset:>8}{cpu_few:>12.0}{cpu_many:>12.0}{:>8.2}{time_few:>12.0}{time_many:>12.0}{:>8.2}{:>8}",
                cpu_many / cpu_few,
                time_many / time_few,
                large.first().map_or(0, |run| run.rows)
            );
        }
    }
    many.report()?;
    few.server.stop()?;
    alike.server.stop()?;
    many.server.stop()
}

#[derive(Clone, Copy, Debug)]
struct Measured {
    cpu_us: f64,
    median_us: f64,
    rows: u64,
}

struct Installation {
    server: Server,
    token: String,
    application_id: i64,
    first_user_id: i64,
    last_session_id: i64,
}

impl Installation {
    /// Makes a data directory, fills its database while nobody has it open, and starts a server on it.
    fn start(folder: &Folder, sessions: i64, varied: bool) -> Result<Self> {
        let server = Server::start(folder)?;
        let application_id = server.call("AddApplication", "application_name=bench")?["application_id"].as_i64().context("application_id")?;
        let user = format!("application_id={application_id}&user_display_name=x&user_password=Us3r-Passwort&user_name=");
        let mut first_user_id = 0;
        for number in 0..10 {
            let id = server.call("AddUser", &format!("{user}user-{number}"))?["user_id"].as_i64().context("user_id")?;
            first_user_id = if number == 0 { id } else { first_user_id };
        }
        let account_id = server.account_id;
        server.stop()?;
        let started = Instant::now();
        fill(&folder.0.join("data/cordboard.db"), account_id, application_id, first_user_id, sessions, varied)?;
        println!("{sessions} sessions in {:.0} s", started.elapsed().as_secs_f64());
        let server = Server::start(folder)?;
        let token = server.token(0)?;
        Ok(Self { server, token, application_id, first_user_id, last_session_id: sessions })
    }

    fn parameters(&self, filter: &str, offset: i64) -> String {
        let list = |items: Vec<String>| items.join("%3B");
        let users = list((0..10).map(|number| (self.first_user_id + number).to_string()).collect());
        let numbers = list((0..10).map(|number| format!("%2B41{number:08}")).collect());
        let ids = list((0..100).map(|number| (self.last_session_id - number * 7).to_string()).collect());
        let filter = filter
            .replace("{application}", &self.application_id.to_string())
            .replace("{users}", &users)
            .replace("{user}", &self.first_user_id.to_string())
            .replace("{numbers}", &numbers)
            .replace("{ids}", &ids);
        format!("{filter}&from_date={}&to_date={}&offset={offset}", day(-85), day(1))
    }

    fn measure(&self, filter: &str, offset: i64) -> Result<Measured> {
        let request: String = serde_json::from_str(&form_request("GetCallHistory", &self.token, &self.parameters(filter, offset)))?;
        let stream = TcpStream::connect(("127.0.0.1", self.server.port))?;
        stream.set_nodelay(true)?;
        let mut stream = BufReader::with_capacity(BUFFER_BYTES, stream);
        let mut times = Vec::new();
        let before = self.cpu_ns()?;
        let mut rows = 0;
        for _ in 0..REQUESTS {
            let started = Instant::now();
            stream.get_mut().write_all(request.as_bytes())?;
            let answer = answer(&mut stream)?;
            times.push(started.elapsed().as_secs_f64() * 1e6);
            let answer: Value = serde_json::from_slice(&answer)?;
            rows = answer["count"].as_u64().with_context(|| answer.to_string())?;
        }
        #[allow(clippy::cast_precision_loss)]
        let cpu_us = (self.cpu_ns()? - before) as f64 / 1e3 / REQUESTS as f64;
        Ok(Measured { cpu_us, median_us: median(times), rows })
    }

    /// What the server's threads have computed so far.
    fn cpu_ns(&self) -> Result<u64> {
        let mut sum = 0;
        for thread in std::fs::read_dir(format!("/proc/{}/task", self.server.process.0.id()))? {
            let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
            sum += text.split(' ').next().context("schedstat")?.parse::<u64>()?;
        }
        Ok(sum)
    }

    /// Bytes of memory now and at most since `forget_peak`.
    fn memory(&self) -> Result<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.server.process.0.id()))?;
        let bytes = |name: &str| -> Result<u64> {
            let line = status.lines().find(|line| line.starts_with(name)).context("status")?;
            Ok(line.split_whitespace().nth(1).context("kB")?.parse::<u64>()? * 1_024)
        };
        Ok((bytes("VmRSS:")?, bytes("VmHWM:")?))
    }

    fn forget_peak(&self) -> Result<()> {
        Ok(std::fs::write(format!("/proc/{}/clear_refs", self.server.process.0.id()), "5")?)
    }

    /// Builds the CSV report of everything, with calls, and downloads it.
    fn report(&self) -> Result<()> {
        self.forget_peak()?;
        let (before, _) = self.memory()?;
        let started = Instant::now();
        let ordered = self.server.call("GetCallHistoryAsync", &format!("from_date={}&to_date={}&with_calls=true", day(-85), day(1)))?;
        let id = ordered["history_report_id"].as_i64().with_context(|| ordered.to_string())?;
        let size = loop {
            let listed = self.server.call("GetHistoryReports", &format!("history_report_id={id}&is_completed=true"))?;
            if let Some(size) = listed["result"][0]["file_size"].as_u64() {
                break size;
            }
            ensure!(started.elapsed() < Duration::from_secs(600), "the report is not finished");
            std::thread::sleep(Duration::from_millis(50));
        };
        let seconds = started.elapsed().as_secs_f64();
        #[allow(clippy::cast_precision_loss)]
        let (rows, mebibytes) = (MANY as f64, |bytes: u64| bytes as f64 / f64::from(1 << 20));
        let (_, peak) = self.memory()?;
        println!(
            "report of {MANY} sessions: {:.0} MiB in {seconds:.1} s, {:.0} rows/s, peak memory {:.1} MiB over {:.1} MiB",
            mebibytes(size),
            rows / seconds,
            mebibytes(peak.saturating_sub(before)),
            mebibytes(before)
        );
        self.forget_peak()?;
        let (before, _) = self.memory()?;
        let started = Instant::now();
        let request: String = serde_json::from_str(&form_request("DownloadHistoryReport", &self.token, &format!("history_report_id={id}")))?;
        let mut stream = BufReader::with_capacity(BUFFER_BYTES, TcpStream::connect(("127.0.0.1", self.server.port))?);
        stream.get_mut().write_all(request.as_bytes())?;
        let length = head(&mut stream)?;
        let copied = std::io::copy(&mut stream.take(length), &mut std::io::sink())?;
        ensure!(copied == size, "{copied} bytes of {size}");
        let seconds = started.elapsed().as_secs_f64();
        let (_, peak) = self.memory()?;
        println!(
            "its download: {seconds:.1} s, {:.0} rows/s, peak memory {:.1} MiB over {:.1} MiB",
            rows / seconds,
            mebibytes(peak.saturating_sub(before)),
            mebibytes(before)
        );
        Ok(())
    }
}

/// A day's date, so many days from now.
fn day(days: i64) -> String {
    jiff::Timestamp::from_millisecond(now_ms() + days * 86_400_000).unwrap_or_default().strftime("%Y-%m-%d").to_string()
}

fn now_ms() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0))
}

/// Reads an answer's head and says how long its body is.
fn head(stream: &mut impl BufRead) -> Result<u64> {
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        ensure!(stream.read_line(&mut line)? > 0, "the server hung up");
        if let Some(text) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = text.trim().parse()?;
        }
        if line.trim().is_empty() {
            return Ok(length);
        }
    }
}

fn answer(stream: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut body = vec![0; usize::try_from(head(stream)?)?];
    stream.read_exact(&mut body)?;
    Ok(body)
}

/// Ended sessions over the last 80 days with one call each; when they are varied: 4 applications, 8 rules, 10 users, 20 remote and 4 local numbers, 20 custom
/// data, durations of 1 to 3,600 seconds.
fn fill(path: &std::path::Path, account_id: i64, application_id: i64, first_user_id: i64, sessions: i64, varied: bool) -> Result<()> {
    let mut connection = rusqlite::Connection::open(path)?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; PRAGMA foreign_keys = OFF;")?;
    let transaction = connection.transaction()?;
    {
        let mut session = transaction.prepare(
            "INSERT INTO sessions (account_id, application_id, application_name, rule_id, rule_name, user_id, node, epoch, token_hash, initiator_address,
             media_server_address, secure, started_at, ended_at, duration, finish_reason, custom_data, custom_data_key)
             VALUES (?1, ?2, 'bench', 1, ?3, ?4, 'bench', 1, x'00', '192.0.2.1', '192.0.2.2', 0, ?5, ?5 + ?6 * 1000, ?6, 'Normal termination', ?7, ?8)",
        )?;
        let mut call = transaction.prepare(
            "INSERT INTO calls (account_id, session_id, session_started_at, started_at, duration, local_number, remote_number, remote_number_type,
             incoming, successful, end_code, end_reason) VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, 'pstn', 1, 1, 200, 'Normal call clearing')",
        )?;
        let begin = now_ms() - 80 * 86_400_000;
        for number in 0..sessions {
            let kind = if varied { number } else { 0 };
            let started_at = begin + number * (79 * 86_400_000 / sessions);
            let duration = match number % (sessions / RARE) {
                0 if varied => 5_000,
                _ if varied => number * 7_919 % 3_600 + 1,
                _ => 3_600,
            };
            let custom_data = format!("campaign-{}", kind % 20);
            let key = cordboard_api::store::sessions::custom_data_key(&custom_data);
            let (application, rule) = (application_id + kind % 4, format!("rule-{}", kind % 8));
            session.execute((account_id, application, rule, first_user_id + kind % 10, started_at, duration, &custom_data, key))?;
            let id = transaction.last_insert_rowid();
            call.execute((account_id, id, started_at, duration, (900 + kind % 4).to_string(), format!("+41{:08}", kind % 20)))?;
        }
    }
    transaction.commit()?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")?;
    Ok(())
}
