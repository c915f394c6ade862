//! The generator: connections that each send their requests one after the other over keep-alive.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What a run measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub per_second: f64,
    pub p50_us: f64,
    pub p99_us: f64,
}

/// A run: `requests` is a file with one request per line, head and body as a JSON string. Every answer must hold `expected`.
pub struct Plan<'a> {
    pub port: u16,
    pub connections: usize,
    pub seconds: f64,
    pub requests: &'a str,
    pub expected: &'a str,
}

/// Runs a plan in a process of its own, pinned to the generator's processor.
pub fn run(plan: &Plan) -> Result<Measured> {
    let text = json!({"port": plan.port, "connections": plan.connections, "seconds": plan.seconds, "requests": plan.requests, "expected": plan.expected}).to_string();
    let output = std::process::Command::new("taskset").args(["-c", "1"]).arg(std::env::current_exe()?).args(["load", &text]).output()?;
    ensure!(output.status.success(), "the generator failed: {}", String::from_utf8_lossy(&output.stderr));
    let measured: Value = serde_json::from_slice(&output.stdout)?;
    let number = |name: &str| measured.get(name).and_then(Value::as_f64).context("the generator's answer");
    Ok(Measured { per_second: number("per_second")?, p50_us: number("p50_us")?, p99_us: number("p99_us")? })
}

/// The generator's own process.
pub fn generate(plan: &str) -> Result<()> {
    let plan: Value = serde_json::from_str(plan)?;
    let text = |name: &str| plan.get(name).and_then(Value::as_str).map(str::to_owned).context("plan");
    let number = |name: &str| plan.get(name).and_then(Value::as_f64).context("plan");
    let requests: Vec<Vec<u8>> =
        std::fs::read_to_string(text("requests")?)?.lines().map(|line| Ok(serde_json::from_str::<String>(line)?.into_bytes())).collect::<Result<_>>()?;
    let (port, connections) = (number("port")? as u16, number("connections")? as usize);
    let (length, expected) = (Duration::from_secs_f64(number("seconds")?), text("expected")?.into_bytes());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let measured = runtime.block_on(async {
        let tasks = tokio::task::LocalSet::new();
        let (requests, expected): (&'static [Vec<u8>], &'static [u8]) = (Box::leak(requests.into_boxed_slice()), Box::leak(expected.into_boxed_slice()));
        tasks
            .run_until(async move {
                let started = Instant::now();
                let handles: Vec<_> =
                    (0..connections).map(|at| tokio::task::spawn_local(connection(port, requests, at, connections, expected, started, length))).collect();
                let mut times = Vec::new();
                for handle in handles {
                    times.extend(handle.await??);
                }
                anyhow::Ok((times, started.elapsed()))
            })
            .await
    });
    let (mut times, elapsed) = measured?;
    times.sort_unstable();
    let at = |share: f64| f64::from(times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default());
    println!("{}", json!({"per_second": times.len() as f64 / elapsed.as_secs_f64(), "p50_us": at(0.5), "p99_us": at(0.99)}));
    Ok(())
}

/// One connection takes every `step`th request. Returns microseconds.
async fn connection(port: u16, requests: &[Vec<u8>], first: usize, step: usize, expected: &[u8], started: Instant, length: Duration) -> Result<Vec<u32>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.set_nodelay(true)?;
    let (mut times, mut next, mut buffer) = (Vec::new(), first, vec![0; 16 * 1024]);
    while started.elapsed() < length {
        let request = requests.get(next % requests.len()).context("no requests")?;
        next += step;
        let sent = Instant::now();
        stream.write_all(request).await?;
        let mut filled = 0;
        loop {
            let read = stream.read(buffer.get_mut(filled..).context("an answer is too long")?).await?;
            ensure!(read > 0, "the server closed a connection");
            filled += read;
            if let Some(end) = complete(&buffer[..filled]) {
                let answer = &buffer[..end];
                ensure!(answer.windows(expected.len()).any(|part| part == expected), "unexpected answer: {}", String::from_utf8_lossy(answer));
                break;
            }
        }
        times.push(u32::try_from(sent.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(times)
}

/// The length of the first whole answer.
fn complete(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|part| part == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).ok()?.to_ascii_lowercase();
    let length: usize = text.split("content-length:").nth(1)?.split("\r\n").next()?.trim().parse().ok()?;
    (bytes.len() >= head + length).then_some(head + length)
}

/// A request's bytes for a requests file.
pub fn form_request(method: &str, token: &str, body: &str) -> String {
    let head = format!(
        "POST /platform_api/{method} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    json!(head).to_string()
}
