//! A Cordboard of its own for a benchmark.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// A folder on the disk that the repository is on; a memory disk would make commits free.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new(name: &str) -> Result<Self> {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/bench").join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self(path.canonicalize()?))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Kills its process when it goes.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub struct Server {
    pub process: Running,
    pub port: u16,
    pub account_id: i64,
    pub key_id: String,
    pub key: EncodingKey,
    /// From starting the process to the first answer of the API.
    pub first_answer: Duration,
}

fn binary() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/release/cordboard")
}

impl Server {
    pub fn start(folder: &Folder) -> Result<Self> {
        Self::start_with(folder, &[])
    }

    pub fn start_with(folder: &Folder, environment: &[(&str, &str)]) -> Result<Self> {
        let data = folder.0.join("data");
        let _ = std::fs::remove_file(data.join("runtime.json"));
        let started = Instant::now();
        let child = Command::new("taskset")
            .args(["-c", "0"])
            .arg(binary())
            .args(["serve", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0", "--sip", "127.0.0.1:0", "--log", "warn", "--data-dir"])
            .arg(&data)
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .spawn()
            .context("cargo build --release comes first")?;
        let process = Running(child);
        let runtime = loop {
            if let Some(runtime) = std::fs::read_to_string(data.join("runtime.json")).ok().and_then(|text| serde_json::from_str::<Value>(&text).ok()) {
                break runtime;
            }
            if started.elapsed() > Duration::from_secs(30) {
                bail!("the server did not start");
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let credentials: Value = serde_json::from_str(&std::fs::read_to_string(data.join("credentials.json"))?)?;
        let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned).with_context(|| name.to_owned());
        let port = text(&runtime, "http")?.rsplit(':').next().context("port")?.parse()?;
        let key = EncodingKey::from_rsa_pem(text(&credentials, "private_key")?.as_bytes())?;
        let account_id = credentials.get("account_id").and_then(Value::as_i64).context("account_id")?;
        let mut server = Self { process, port, account_id, key_id: text(&credentials, "key_id")?, key, first_answer: Duration::ZERO };
        let answer = server.call("GetRoles", "")?;
        server.first_answer = started.elapsed();
        anyhow::ensure!(answer.get("result").is_some(), "{answer}");
        Ok(server)
    }

    /// A token; `number` makes it differ from every other.
    pub fn token(&self, number: usize) -> Result<String> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
        let header = Header { kid: Some(self.key_id.clone()), ..Header::new(Algorithm::RS256) };
        Ok(jsonwebtoken::encode(&header, &json!({"iss": self.account_id, "iat": now, "exp": now + 3_600, "jti": number}), &self.key)?)
    }

    /// One call over a connection of its own.
    pub fn call(&self, method: &str, body: &str) -> Result<Value> {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port))?;
        let request: String = serde_json::from_str(&crate::load::form_request(method, &self.token(0)?, body))?;
        stream.write_all(request.replacen("Host: localhost", "Host: localhost\r\nConnection: close", 1).as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(serde_json::from_str(answer.split_once("\r\n\r\n").context("an answer")?.1)?)
    }

    /// A rule that runs a script, in an application of its own.
    pub fn rule(&self, name: &str, script: &str) -> Result<i64> {
        let script: String = script.bytes().map(|byte| format!("%{byte:02X}")).collect();
        self.call("AddApplication", &format!("application_name={name}"))?;
        let rule = self.call("AddRule", &format!("application_name={name}&rule_name=run&rule_pattern=.*"))?;
        self.call("AddScenario", &format!("application_name={name}&rule_name=run&scenario_name={name}&scenario_script={script}"))?;
        rule.get("rule_id").and_then(Value::as_i64).with_context(|| rule.to_string())
    }

    /// Stops the server as an operator would and waits for it.
    pub fn stop(mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.process.0.id().to_string()]).status()?;
        self.process.0.wait()?;
        Ok(())
    }
}

/// Starts this program's floor server and returns its port.
pub fn start_floor(public_key: &std::path::Path) -> Result<(Running, u16)> {
    let mut child = Command::new("taskset").args(["-c", "0"]).arg(std::env::current_exe()?).arg("floor").arg(public_key).stdout(Stdio::piped()).spawn()?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().context("stdout")?).read_line(&mut line)?;
    Ok((Running(child), line.trim().parse()?))
}
