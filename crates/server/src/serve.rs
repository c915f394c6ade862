//! `cordboard serve`: start, run, drain, stop.

use std::{
    io::{IsTerminal, Write},
    net::{SocketAddr, TcpListener},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use axum_server::{
    Handle,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use cordboard_api::{Api, error::Errors, store::db::Db};
use hyper_util::rt::TokioTimer;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{
    calls::{self, Calls},
    clock,
    connections::Bounded,
    data_dir::DataDir,
    http::{self, Shared},
    panel::Transport,
    sessions::{self, Sessions},
    settings::Settings,
    tls::Authority,
    way_out::WayOut,
};

/// How long a connection may be idle or take over a request's head.
const HEAD_TIME: Duration = Duration::from_secs(60);

/// Bytes of a request's head at most.
const HEAD_BYTES: usize = 64 * 1024;

/// How often the uses of keys are written.
const FLUSH_EVERY: Duration = Duration::from_secs(60);

/// How often old rows are deleted.
const CLEAN_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often reports are looked for that nobody was woken for, such as after a failure of the database.
const RETRY_REPORTS_EVERY: Duration = Duration::from_secs(60);

/// How often the certificate is made anew, far below the days it is valid.
const CERTIFY_EVERY: Duration = Duration::from_secs(30 * 24 * 60 * 60);

pub fn run(settings: Settings) -> Result<ExitCode> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log).with_context(|| format!("--log '{}'", settings.log))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).init();
    rustls::crypto::aws_lc_rs::default_provider().install_default().map_err(|_| anyhow!("TLS is set up twice"))?;
    raise_files();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("threads")?;
    runtime.block_on(serve(settings))?;
    Ok(ExitCode::SUCCESS)
}

/// Takes as many open files as the system allows: shells give 1,024, and 500 calls have as many sockets, after which no connection
/// would be accepted.
fn raise_files() {
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        tracing::warn!("the limit of open files stays what it was: {error}");
    }
}

/// What the outside may know about a failure of the API's start: the log has the rest.
fn sentence(errors: &Errors) -> anyhow::Error {
    let texts: Vec<String> = errors.0.iter().map(|error| error.inside.clone().unwrap_or_else(|| error.msg.clone())).collect();
    anyhow!(texts.join(" "))
}

async fn serve(settings: Settings) -> Result<()> {
    let data_dir = DataDir::take(&settings.data_dir)?;
    // What another program may have is taken before anything is made.
    let (http, https) = (Listener::bind("--http", settings.http)?, Listener::bind("--https", settings.https)?);
    let sip = calls::Bound::bind(settings.sip)?;
    let way_out = WayOut::open(&settings)?;
    let secret_key = data_dir.secret_key()?;
    let authority = Authority::open(&data_dir, clock::calendar())?;
    let names = names(&settings);
    let tls = RustlsConfig::from_config(authority.server_config(&names, clock::calendar())?);

    let public_url = if settings.public_url.is_empty() { https.url("https") } else { settings.public_url.trim_end_matches('/').to_owned() };
    let public_host = public_url.split_once("://").map_or(public_url.as_str(), |(_, host)| host).to_owned();
    let panel_over_tls = if public_url.starts_with("https://") { public_url.clone() } else { https.url("https") };
    // Over plain HTTP the panel answers this machine alone.
    let panel_url = if http.is_for_this_machine() { http.url("http") } else { panel_over_tls.clone() };
    let db = open_database(&settings, &data_dir).await?;
    // A public URL of one scheme says nothing about where the other one is.
    let (plain_url, secure_url) = if public_url.starts_with("http://") { (public_url.clone(), https.url("https")) } else { (http.url("http"), public_url.clone()) };
    let opened = Api::open(settings.api(data_dir.node()?, plain_url, secure_url, public_host), db, &secret_key.bytes).await;
    if opened.is_err() && secret_key.fresh {
        data_dir.remove("secret.key");
    }
    let api = opened.map_err(|errors| sentence(&errors))?;
    let first = first_start(&api, &data_dir).await?;

    let first_account = api.first_account().await.map_err(|errors| sentence(&errors))?;
    let sip_address = sip.address;
    let calls = Calls::start(calls::Settings::of(&settings, first_account, &sip, &way_out)?, sip, way_out.clone())?;
    let sessions = Sessions::start(api.clone(), way_out, calls.clone(), settings.sessions()).await?;
    let shared = Shared::new(api.clone(), settings.trusted_proxies.clone(), panel_over_tls, &settings.location);
    let control = sessions::routes(sessions.clone());
    let app = http::router(shared.clone()).merge(control).merge(calls::routes(calls.clone(), shared));
    let by = |transport: Transport| app.clone().layer(axum::Extension(transport)).into_make_service_with_connect_info::<SocketAddr>();
    let bounded = Bounded::new(settings.connections);
    let handle = Handle::new();
    let mut plain = axum_server::from_tcp(http.socket.try_clone()?)?.acceptor(bounded.clone()).handle(handle.clone());
    let mut secure = axum_server::from_tcp(https.socket.try_clone()?)?.acceptor(RustlsAcceptor::new(tls.clone()).acceptor(bounded)).handle(handle.clone());
    bound_requests(plain.http_builder());
    bound_requests(secure.http_builder());
    let plain = tokio::spawn(plain.serve(by(Transport::Plain)));
    let secure = tokio::spawn(secure.serve(by(Transport::Tls)));
    let jobs = [
        tokio::spawn(keep(api.clone())),
        tokio::spawn(build_reports(api.clone())),
        tokio::spawn(certify(authority, names, tls)),
        tokio::spawn(sessions.clone().keep()),
        tokio::spawn(write_refusals(api.clone())),
        tokio::spawn(calls.clone().hear_revocations(api.clone())),
    ];

    warn_about_what_is_not_there(&settings, &api).await;
    let runtime = serde_json::json!({
        "http": http.url("http"),
        "https": https.url("https"),
        "sip": sip_address.to_string(),
        "panel": panel_url,
        "credentials": data_dir.file("credentials.json"),
        "ca": data_dir.file("ca.pem"),
        "pid": std::process::id(),
    });
    // Who reads the block may stop the server.
    let asked = asked_to_stop()?;
    print_block(&data_dir, &panel_url, &http, &https, sip_address, first.as_ref())?;
    data_dir.write("runtime.json", &format!("{runtime:#}\n"), 0o644)?;

    let asked = asked.await;
    tracing::info!("{asked}: draining for at most {} s", settings.drain);
    // Control URLs answer as long as their sessions run.
    let began = clock::monotonic();
    sessions.drain(Duration::from_secs(settings.drain)).await;
    let left = Duration::from_secs(settings.drain).saturating_sub(clock::monotonic().saturating_sub(began));
    handle.graceful_shutdown(Some(left.max(Duration::from_secs(1))));
    for server in [plain, secure] {
        server.await.context("a listener's task")?.context("a listener")?;
    }
    calls.stop().await;
    jobs.iter().for_each(tokio::task::JoinHandle::abort);
    api.close().await.map_err(|errors| sentence(&errors))?;
    data_dir.remove("runtime.json");
    tracing::info!("stopped");
    Ok(())
}

struct Listener {
    socket: TcpListener,
    address: SocketAddr,
}

impl Listener {
    fn bind(flag: &str, address: SocketAddr) -> Result<Self> {
        let socket = TcpListener::bind(address)
            .with_context(|| format!("{flag} {address} cannot be opened; another program may use it. Choose another address, or port 0 for a free one"))?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        Ok(Self { socket, address })
    }

    /// Whether this machine reaches it by a loopback address.
    fn is_for_this_machine(&self) -> bool {
        let ip = self.address.ip();
        ip.is_loopback() || ip.is_unspecified()
    }

    /// The URL for clients on this machine.
    fn url(&self, scheme: &str) -> String {
        let ip = self.address.ip();
        if ip.is_unspecified() { format!("{scheme}://localhost:{}", self.address.port()) } else { format!("{scheme}://{}", self.address) }
    }
}

async fn open_database(settings: &Settings, data_dir: &DataDir) -> Result<Db> {
    if settings.database.is_empty() {
        let path = data_dir.make_secret("cordboard.db")?;
        return Db::sqlite(&path).await.map_err(|failure| anyhow!("{}: {failure}", path.display()));
    }
    if settings.database.contains("sslmode=require") || settings.database.contains("sslmode=verify") {
        bail!("--database asks for TLS, which Cordboard does not yet speak to PostgreSQL; use a trusted network, a socket or a tunnel");
    }
    if !settings.database.starts_with("postgres://") && !settings.database.starts_with("postgresql://") {
        bail!("--database must be postgres://user:password@host/name, or empty for SQLite");
    }
    // The URL holds a password, so no message repeats it.
    Db::postgres(&settings.database, settings.database_connections.into()).await.map_err(|failure| anyhow!("PostgreSQL: {failure}"))
}

/// The names that the certificate is valid for beside localhost.
fn names(settings: &Settings) -> Vec<String> {
    let mut names = settings.tls_name.clone();
    let host = settings.public_url.split_once("://").map_or("", |(_, rest)| rest).split(['/', ':']).next().unwrap_or_default();
    if !host.is_empty() && !host.starts_with('[') {
        names.push(host.to_owned());
    }
    for address in [settings.http, settings.https] {
        if !address.ip().is_unspecified() {
            names.push(address.ip().to_string());
        }
    }
    names.dedup();
    names
}

/// The file with the first password of the owner, until a terminal has shown it.
const OWNER_PASSWORD: &str = "owner-password";

/// What the printed block says of a first start.
struct Owner {
    name: String,
    password: Password,
}

enum Password {
    Shown(String),
    InFile(std::path::PathBuf),
}

async fn first_start(api: &Arc<Api>, data_dir: &DataDir) -> Result<Option<Owner>> {
    let Some(first) = api.first_start(clock::now()).await.map_err(|errors| sentence(&errors))? else { return Ok(None) };
    data_dir.write_secret("credentials.json", &format!("{:#}\n", serde_json::to_value(&first.credentials)?))?;
    // Whatever fails until the block is printed, the password is not lost.
    let path = data_dir.write_secret(OWNER_PASSWORD, &format!("{}\n", first.password))?;
    let password = if std::io::stdout().is_terminal() { Password::Shown(first.password) } else { Password::InFile(path) };
    api.first_start_kept(clock::now()).await.map_err(|errors| sentence(&errors))?;
    Ok(Some(Owner { name: first.account_name, password }))
}

fn print_block(data_dir: &DataDir, panel_url: &str, http: &Listener, https: &Listener, sip: SocketAddr, owner: Option<&Owner>) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let mut line = |name: &str, value: &str| writeln!(out, "  {name:<13}{value}");
    line("", "")?;
    line("Cordboard", env!("CARGO_PKG_VERSION"))?;
    line("Panel", panel_url)?;
    match owner {
        Some(Owner { name, password: Password::Shown(password) }) => line("Login", &format!("{name}, password {password} (shown this once)"))?,
        Some(Owner { name, password: Password::InFile(path) }) => line("Login", &format!("{name}, password in {}", path.display()))?,
        None if data_dir.file(OWNER_PASSWORD).exists() => line("Login", &format!("owner, first password in {}", data_dir.file(OWNER_PASSWORD).display()))?,
        None => line("Login", "owner, with the password of the first start")?,
    }
    line("API", &format!("{}/platform_api", https.url("https")))?;
    line("", &format!("{}/platform_api", http.url("http")))?;
    line("Credentials", &data_dir.file("credentials.json").display().to_string())?;
    line("Authority", &format!("{} (for clients to trust)", data_dir.file("ca.pem").display()))?;
    line("Call", &format!("{panel_url}/call (the example application, in a browser on this machine)"))?;
    line("SIP", &format!("{sip} (UDP and TCP), /sip by WebSocket"))?;
    let program = std::env::args().next().unwrap_or_else(|| "cordboard".to_owned());
    line("Try", &format!("{program} api GetAccountInfo --data-dir {}", data_dir.path().display()))?;
    line("", "")?;
    out.flush().context("the terminal")?;
    if let Some(Owner { password: Password::Shown(_), .. }) = owner {
        data_dir.remove(OWNER_PASSWORD);
    }
    Ok(())
}

/// What the settings name and what may come later, so that it is no error.
async fn warn_about_what_is_not_there(settings: &Settings, api: &Api) {
    if settings.sips.is_some() {
        tracing::warn!("SIP over TLS is not yet available; its setting has no effect");
    }
    let guests = settings.guests.iter().filter(|name| *name != "none").map(|name| ("--guests", name));
    let numbers = settings.trunk_numbers.iter().map(|line| ("--trunk-numbers", &line.application));
    for (flag, name) in guests.chain(numbers) {
        match api.configured_application(name).await {
            Ok(Some(_)) => {}
            Ok(None) => tracing::warn!("{flag}: there is no application '{name}' yet"),
            Err(errors) => tracing::warn!("{flag}: '{name}' could not be looked up: {:#}", sentence(&errors)),
        }
    }
    let program = settings.voice.strip_prefix("program:").and_then(|command| shlex::split(command)?.into_iter().next());
    if let Some(program) = program.filter(|program| !is_installed(program)) {
        tracing::warn!("--voice: there is no program '{program}'; texts are not spoken until there is");
    }
}

/// Whether the system would find this program.
fn is_installed(program: &str) -> bool {
    if program.contains('/') {
        return std::path::Path::new(program).is_file();
    }
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn bound_requests(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    // Not axum-server's own `http1_only`, which knows no upgrades and so no WebSocket.
    *builder = builder.clone().http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_BYTES);
}

/// Jobs by the clock. A failure is logged and tried again at the next turn.
async fn keep(api: Arc<Api>) {
    let mut flush = tokio::time::interval(FLUSH_EVERY);
    let mut clean = tokio::time::interval(CLEAN_EVERY);
    loop {
        let done = tokio::select! {
            _ = flush.tick() => api.flush_usage().await,
            _ = clean.tick() => api.clean(clock::now()).await,
        };
        if let Err(errors) = done {
            tracing::error!("a job failed: {:#}", sentence(&errors));
        }
    }
}

/// Reports, apart from the other jobs because one may take minutes: those that a former start left, then each when it is ordered.
async fn build_reports(api: Arc<Api>) {
    let mut again = tokio::time::interval(RETRY_REPORTS_EVERY);
    loop {
        tokio::select! {
            () = api.report_ordered() => {}
            _ = again.tick() => {}
        }
        if let Err(errors) = api.build_reports(clock::now).await {
            tracing::error!("reports could not be built, which is tried again: {:#}", sentence(&errors));
        }
    }
}

/// Rows of calls that were refused, as they come.
async fn write_refusals(api: Arc<Api>) {
    loop {
        api.calls_refused().await;
        if let Err(errors) = api.write_refused_calls().await {
            tracing::error!("refused calls could not be written into the history: {:#}", sentence(&errors));
        }
    }
}

async fn certify(authority: Authority, names: Vec<String>, tls: RustlsConfig) {
    let mut turns = tokio::time::interval(CERTIFY_EVERY);
    turns.tick().await;
    loop {
        turns.tick().await;
        match authority.server_config(&names, clock::calendar()) {
            Ok(config) => tls.reload_from_config(config),
            Err(error) => tracing::error!("the certificate could not be made anew: {error:#}"),
        }
    }
}

/// From now on these signals end the process no more; the future says which came.
fn asked_to_stop() -> Result<impl Future<Output = &'static str>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("SIGINT")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    })
}
