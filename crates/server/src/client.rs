//! `cordboard api` and `cordboard token`: a service account on the command line.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result, anyhow, bail};
use clap::Args;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::clock;

/// Which key signs.
#[derive(Args)]
pub struct Signer {
    /// Data directory of the server
    #[arg(long, value_name = "DIR", default_value = "./cordboard-data", env = "CORDBOARD_DATA_DIR")]
    data_dir: PathBuf,
    /// Credentials file. Without it, credentials.json of the data directory
    #[arg(long, value_name = "FILE", env = "VOXIMPLANT_CREDENTIALS")]
    credentials: Option<PathBuf>,
    /// Account to act on: the key's own or one below it
    #[arg(long, value_name = "ID")]
    account_id: Option<i64>,
}

#[derive(Args)]
pub struct Call {
    /// Method, such as GetAccountInfo; `cordboard methods` lists them
    method: String,
    /// Parameters. `name=@FILE` sends a file's text; a repeated name is a list
    #[arg(value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// Server to call. Without it, the one that runs on the data directory
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    signer: Signer,
}

#[derive(Args)]
pub struct Token {
    /// How long the token lives, 3600 at most
    #[arg(long, value_name = "SECONDS", default_value_t = 3_600, value_parser = clap::value_parser!(i64).range(1..=cordboard_api::auth::MAX_LIFETIME_SECONDS))]
    lifetime: i64,
    #[command(flatten)]
    signer: Signer,
}

impl Signer {
    fn token(&self, lifetime: i64) -> Result<String> {
        let path = self.credentials.clone().unwrap_or_else(|| self.data_dir.join("credentials.json"));
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read. Name the server's data directory with --data-dir or a file with --credentials", path.display()))?;
        let file: Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
        let member = |name: &str| file.get(name).and_then(Value::as_str).with_context(|| format!("{} has no '{name}'", path.display()));
        let account_id = self.account_id.or_else(|| file.get("account_id").and_then(Value::as_i64)).with_context(|| format!("{} has no 'account_id'", path.display()))?;
        let key = EncodingKey::from_rsa_pem(member("private_key")?.as_bytes()).with_context(|| format!("'private_key' of {}", path.display()))?;
        let now = clock::now().0.div_euclid(1_000);
        let header = Header { kid: Some(member("key_id")?.to_owned()), ..Header::new(Algorithm::RS256) };
        Ok(jsonwebtoken::encode(&header, &json!({"iss": account_id, "iat": now, "exp": now + lifetime}), &key)?)
    }
}

pub fn token(token: &Token) -> Result<ExitCode> {
    crate::print_out(&format!("{}\n", token.signer.token(token.lifetime)?))
}

/// Prints the answer as JSON, a file as it is. Fails with 1 when the answer is an error.
pub fn call(call: &Call) -> Result<ExitCode> {
    let mut form = Vec::new();
    for parameter in &call.parameters {
        let (name, value) = parameter.split_once('=').with_context(|| format!("'{parameter}' must be NAME=VALUE"))?;
        let value = match value.strip_prefix('@') {
            Some(file) => std::fs::read_to_string(file).with_context(|| format!("'{name}': {file}"))?,
            None => value.to_owned(),
        };
        form.push((name.to_owned(), value));
    }
    let (url, authority) = target(call)?;
    let agent = agent(authority.as_deref())?;
    let mut response = agent
        .post(format!("{}/platform_api/{}", url.trim_end_matches('/'), call.method))
        .header("Authorization", format!("Bearer {}", call.signer.token(60)?))
        .send_form(form)
        .with_context(|| format!("{url} does not answer"))?;
    let is_json = response.headers().get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let status = response.status();
    let body = response.body_mut().with_config().limit(1 << 30).read_to_vec()?;
    if !is_json {
        if !status.is_success() {
            bail!("{url} answers {status}: {}", String::from_utf8_lossy(&body).trim());
        }
        std::io::stdout().lock().write_all(&body)?;
        return Ok(ExitCode::SUCCESS);
    }
    let answer: Value = serde_json::from_slice(&body).context("the answer is no JSON")?;
    crate::print_out(&format!("{answer:#}\n"))?;
    Ok(if answer.get("error").is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The server's URL and, where it is one of ours, the authority to trust.
fn target(call: &Call) -> Result<(String, Option<PathBuf>)> {
    let authority = Some(call.signer.data_dir.join("ca.pem")).filter(|path| path.is_file());
    if let Some(url) = &call.url {
        return Ok((url.clone(), authority));
    }
    let path = call.signer.data_dir.join("runtime.json");
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!("no Cordboard runs on {}: {} is not there. Start it with `cordboard`, or name a server with --url", call.signer.data_dir.display(), path.display())
    })?;
    let runtime: Value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", path.display()))?;
    let url = runtime.get("http").and_then(Value::as_str).with_context(|| format!("{} has no 'http'", path.display()))?;
    Ok((url.to_owned(), authority))
}

fn agent(authority: Option<&Path>) -> Result<ureq::Agent> {
    let mut tls = ureq::tls::TlsConfig::builder().unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    if let Some(path) = authority {
        let pem = std::fs::read(path)?;
        let certificate = ureq::tls::Certificate::from_pem(&pem).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        tls = tls.root_certs(ureq::tls::RootCerts::new_with_certs(&[certificate]));
    }
    Ok(ureq::Agent::config_builder().http_status_as_error(false).tls_config(tls.build()).build().into())
}
