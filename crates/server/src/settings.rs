//! Every setting: a flag, a `CORDBOARD_…` variable and a line of `cordboard.toml`, in this order of precedence.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
};

use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, parser::ValueSource};
use cordboard_switch::trunk::{Allowed, Line, Trunk};
use ipnet::IpNet;

/// Flags whose first word is a table of the file: `--limits-users` is `users` below `[limits]`.
const TABLES: [&str; 3] = ["limits", "compat", "trunk"];

/// The file's name where `--config` names none.
const FILE: &str = "cordboard.toml";

/// The settings of `cordboard serve`.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Folder of the database, keys and credentials; it is made on first start
    #[arg(long, value_name = "DIR", default_value = "./cordboard-data")]
    pub data_dir: PathBuf,
    /// Settings file. Without it, cordboard.toml of the working directory or of the data directory, if there is one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database: postgres://user:password@host/name, or empty for SQLite in the data directory
    #[arg(long, value_name = "URL", default_value = "", hide_env_values = true)]
    pub database: String,
    /// Connections to PostgreSQL at most
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub database_connections: u16,
    /// Address of plain HTTP; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = address)]
    pub http: SocketAddr,
    /// Address of HTTPS; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8443", value_parser = address)]
    pub https: SocketAddr,
    /// URL under which the world reaches this server; control URLs and links name it. Empty: the HTTPS address
    #[arg(long, value_name = "URL", default_value = "", value_parser = web_url)]
    pub public_url: String,
    /// Address of SIP over UDP and TCP; port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:5060", value_parser = address)]
    pub sip: SocketAddr,
    /// Address of SIP over TLS. It is not yet available
    #[arg(long, value_name = "ADDR", value_parser = address)]
    pub sips: Option<SocketAddr>,
    /// IP address that media are sent from, and that SIP and media announce. Without it that of SIP, or the one that leads to the public network
    #[arg(long, value_name = "IP")]
    pub media_address: Option<IpAddr>,
    /// UDP ports of media, as FROM-TO: two for each leg of a call. Without it 16384-32767
    #[arg(long, value_name = "FROM-TO")]
    pub media_ports: Option<String>,
    /// Name or IP address that the made certificate is valid for, beside localhost; may be repeated
    #[arg(long, value_name = "NAME", value_parser = host)]
    pub tls_name: Vec<String>,
    /// Network of a reverse proxy whose X-Forwarded-For is believed; may be repeated
    #[arg(long, value_name = "NET", value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// Network beyond the public ones that scenarios' requests, WebSockets and mail may reach, such as 10.1.0.0/16; may be repeated
    #[arg(long, value_name = "NET", value_parser = network)]
    pub way_out_allow: Vec<IpNet>,
    /// PEM file of root certificates that outgoing TLS trusts beside the public ones
    #[arg(long, value_name = "FILE")]
    pub way_out_ca: Option<PathBuf>,
    /// Relay that takes all mail of scenarios: smtp://user:password@host:port, or smtps:// for TLS from the start. Empty: each scenario names its server
    #[arg(long, value_name = "URL", default_value = "", hide_env_values = true)]
    pub smtp_url: String,
    /// Application that /call opens without signing in, on this machine itself alone; may be repeated. `none` for no application
    #[arg(long, value_name = "APPLICATION", default_values = ["demo"])]
    pub guests: Vec<String>,
    /// Who speaks texts: builtin; program:COMMAND, which reads the text and writes a WAV or MP3 file, with {voice} and {language} in its arguments; or the URL of a service, which gets JSON and answers such a file
    #[arg(long, value_name = "VOICE", default_value = "builtin", hide_env_values = true)]
    pub voice: String,
    /// Domain behind <application>.<account>
    #[arg(long, value_name = "NAME", default_value = "cordboard.internal", value_parser = domain)]
    pub domain: String,
    /// Name of this server's location, which getServerLocations answers and server_location names
    #[arg(long, value_name = "NAME", default_value = "local")]
    pub location: String,
    /// Seconds that running requests and sessions get after SIGTERM
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub drain: u64,
    /// Running sessions of all accounts at most
    #[arg(long, value_name = "N", default_value_t = 50_000)]
    pub sessions: usize,
    /// A session without calls ends after this time
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub idle_limit: u64,
    /// Connections over HTTP and HTTPS at most, together
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub connections: u32,
    /// Days that the audit log keeps
    #[arg(long, value_name = "DAYS", default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub audit_days: i64,
    /// Days that a finished history report is kept
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub report_days: i64,
    /// Days that the log of an ended session is kept
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=36_500))]
    pub log_days: i64,
    /// How long the recordings of sessions are kept, where an application makes them
    #[arg(long, value_name = "DAYS", default_value_t = 7, value_parser = clap::value_parser!(i64).range(1..=3_650))]
    pub session_recording_days: i64,
    /// Whether authorized IPs are enforced; false lets an owner back in who locked everybody out
    #[arg(long, value_name = "BOOL", default_value_t = true, action = ArgAction::Set)]
    pub authorized_ips: bool,
    /// What is logged: error, warn, info, debug, or a tracing filter
    #[arg(long, value_name = "FILTER", default_value = "info")]
    pub log: String,
    /// SIP server of the telephone network, as HOST or HOST:PORT. Empty: there is none
    #[arg(long, value_name = "HOST", default_value = "")]
    pub trunk_host: String,
    /// How the trunk is spoken to
    #[arg(long, value_name = "TRANSPORT", default_value = "udp", value_parser = ["udp", "tcp"])]
    pub trunk_transport: String,
    /// Name that the trunk's challenges are answered with. Empty: none is answered
    #[arg(long, value_name = "NAME", default_value = "")]
    pub trunk_username: String,
    /// Password that the trunk's challenges are answered with
    #[arg(long, value_name = "PASSWORD", default_value = "", hide_env_values = true)]
    pub trunk_password: String,
    /// Number of the trunk with the application that calls to it come to, as NUMBER=APPLICATION or NUMBER=APPLICATION/RULE; an
    /// application of another than the first account is APPLICATION.ACCOUNT. Its account may call out as this number; may be repeated
    #[arg(long, value_name = "NUMBER=APPLICATION", value_parser = Line::parse)]
    pub trunk_numbers: Vec<Line>,
    /// Destination that may be called over the trunk: a number, the beginning of numbers such as +1555*, or * for all; may be
    /// repeated. Without it, none
    #[arg(long, value_name = "NUMBER", value_parser = Allowed::parse)]
    pub trunk_allowed: Vec<Allowed>,
    /// Network that the trunk calls from; may be repeated. Without it, the addresses of its host
    #[arg(long, value_name = "NET", value_parser = network)]
    pub trunk_sources: Vec<IpNet>,
    /// Answers in the shape of the official clients' typings where these disagree with the documented shape
    #[arg(long, value_name = "BOOL", default_value_t = false, action = ArgAction::Set)]
    pub compat_typings: bool,
    /// Applications of an account at most
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_applications: i64,
    /// Users of an account at most
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_users: i64,
    /// Rules of an application at most
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_rules: i64,
    /// Scenarios of an account at most
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_scenarios: i64,
    /// Scenarios of a rule at most
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_rule_scenarios: i64,
    /// Service account keys of an account at most
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_keys: i64,
    /// Subusers of an account at most
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_subusers: i64,
    /// Authorized networks of an account at most
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_authorized_ips: i64,
    /// Networks on the SIP white list of an account at most
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_sip_white_list: i64,
    /// Child accounts of an account at most
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_child_accounts: i64,
    /// Running sessions of an account at most
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub limits_sessions: usize,
    /// Memory of all sessions of an account together, for JavaScript, at most
    #[arg(long, value_name = "MIB", default_value_t = 4_096)]
    pub limits_session_memory: usize,
    /// Items in the key-value storage of an application at most, expired ones not counted
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_key_values: i64,
    /// Secrets of an application at most
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_secrets: i64,
    /// History reports of an account that are not finished yet, at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(i64).range(0..))]
    pub limits_open_reports: i64,
}

impl Settings {
    /// The rules of the trunk; `None` when there is none. `first_account` is the id of the first account.
    pub fn trunk(&self, first_account: i64) -> Option<Trunk> {
        (!self.trunk_host.is_empty()).then(|| Trunk::new(self.trunk_numbers.clone(), self.trunk_allowed.clone(), first_account))
    }

    /// The settings of running sessions.
    pub fn sessions(&self) -> crate::sessions::Settings {
        crate::sessions::Settings {
            limits: cordboard_switch::sessions::Limits {
                sessions_per_account: self.limits_sessions,
                sessions: self.sessions,
                ..cordboard_switch::sessions::Limits::default()
            },
            idle_ms: self.idle_limit.saturating_mul(1_000),
            memory_bytes: self.limits_session_memory.saturating_mul(1024 * 1024),
        }
    }

    /// The settings of the API on this node, which clients find at these URLs.
    pub fn api(&self, node: String, plain_url: String, secure_url: String, public_host: String) -> cordboard_api::Settings {
        cordboard_api::Settings {
            domain: self.domain.clone(),
            public_host,
            plain_url,
            secure_url,
            files: self.data_dir.clone(),
            node,
            guests: self.guests.iter().filter(|name| *name != "none").cloned().collect(),
            compat_typings: self.compat_typings,
            enforce_authorized_ips: self.authorized_ips,
            audit_days: self.audit_days,
            report_days: self.report_days,
            log_days: self.log_days,
            session_recording_days: self.session_recording_days,
            limits: cordboard_api::settings::Limits {
                applications: self.limits_applications,
                users: self.limits_users,
                rules: self.limits_rules,
                scenarios: self.limits_scenarios,
                rule_scenarios: self.limits_rule_scenarios,
                keys: self.limits_keys,
                subusers: self.limits_subusers,
                authorized_ips: self.limits_authorized_ips,
                sip_white_list: self.limits_sip_white_list,
                child_accounts: self.limits_child_accounts,
                key_values: self.limits_key_values,
                secrets: self.limits_secrets,
                open_reports: self.limits_open_reports,
            },
        }
    }
}

/// A host name (RFC 1123 §2.1, with a wildcard as first label allowed) or an IP address.
fn host(text: &str) -> Result<String, String> {
    if text.parse::<IpAddr>().is_ok() || is_name(text.strip_prefix("*.").unwrap_or(text)) {
        return Ok(text.to_owned());
    }
    Err("a host name such as api.example.org, or an IP address, is wanted".to_owned())
}

fn domain(text: &str) -> Result<String, String> {
    if is_name(text) { Ok(text.to_owned()) } else { Err("a name of letters, digits, '-' and '.' is wanted, such as calls.example.org".to_owned()) }
}

fn is_name(name: &str) -> bool {
    let label =
        |label: &str| (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    name.len() <= 253 && name.split('.').all(label)
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "an IP address and a port are wanted, such as 127.0.0.1:8080 or [::1]:8080".to_owned())
}

/// A network, or one address.
fn network(text: &str) -> Result<IpNet, String> {
    let one = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| one()).map_err(|_| "a network or an IP address is wanted, such as 10.1.0.0/16 or 192.0.2.7".to_owned())
}

/// Empty, or the beginning of all URLs of this server.
fn web_url(text: &str) -> Result<String, String> {
    let good = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none() && url.fragment().is_none();
    if text.is_empty() || url::Url::parse(text).is_ok_and(good) {
        return Ok(text.to_owned());
    }
    Err("a URL of http or https is wanted, such as https://calls.example.org".to_owned())
}

/// Puts `serve` in front of arguments that begin with no command.
pub fn with_default_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let is_flag = arguments.get(1).is_none_or(|first| first.to_string_lossy().starts_with('-'));
    let asks_for_help = arguments.get(1).is_some_and(|first| ["-h", "--help", "-V", "--version"].iter().any(|flag| first == flag));
    if is_flag && !asks_for_help {
        arguments.insert(1.min(arguments.len()), "serve".into());
    }
    arguments
}

/// Reads flags and variables, then what the file says of settings that neither names.
pub fn parse<C: Parser>(arguments: Vec<OsString>) -> Result<C, clap::Error> {
    let mut command = command::<C>();
    let matches = command.try_get_matches_from_mut(&arguments)?;
    let Some(("serve", serve)) = matches.subcommand() else { return C::from_arg_matches(&matches) };
    let chosen = Settings::from_arg_matches(serve)?;
    let failed = |text: String| clap::Error::raw(clap::error::ErrorKind::InvalidValue, format!("{text}\n"));
    let candidates = match &chosen.config {
        Some(file) => vec![file.clone()],
        None => vec![PathBuf::from(FILE), chosen.data_dir.join(FILE)],
    };
    let Some(file) = candidates.iter().find(|file| chosen.config.is_some() || file.is_file()) else { return C::from_arg_matches(&matches) };
    let text = std::fs::read_to_string(file).map_err(|error| failed(format!("{}: {error}", file.display())))?;
    let lines = flat(&text).map_err(|error| failed(format!("{}: {error}", file.display())))?;
    let mut all = arguments;
    for (name, values) in lines {
        if serve.try_contains_id(&name.replace('-', "_")).is_err() {
            return Err(failed(format!("{}: '{name}' is no setting; `cordboard config` lists them", file.display())));
        }
        if serve.value_source(&name.replace('-', "_")).is_none_or(|source| source == ValueSource::DefaultValue) {
            // Empty text is the default, as the printed file writes it.
            all.extend(values.into_iter().filter(|value| !value.is_empty()).map(|value| OsString::from(format!("--{name}={value}"))));
        }
    }
    let matches = command.try_get_matches_from_mut(&all).map_err(|error| {
        // How flags are written helps nobody with a file.
        let text = error.to_string();
        let text = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ");
        failed(format!("{}: {text}", file.display()))
    })?;
    C::from_arg_matches(&matches)
}

/// The command line, with a variable for every setting of `serve`.
fn command<C: CommandFactory>() -> clap::Command {
    C::command().mut_subcommand("serve", |serve| {
        serve.mut_args(|argument| match argument.get_long() {
            Some(long) if long != "help" => {
                let variable = format!("CORDBOARD_{}", long.to_uppercase().replace('-', "_"));
                let separated = matches!(argument.get_action(), ArgAction::Append);
                let argument = argument.env(variable).hide_env(true);
                if separated { argument.value_delimiter(',') } else { argument }
            }
            _ => argument,
        })
    })
}

/// A file's settings under their flags' names. A list is several values.
fn flat(text: &str) -> Result<BTreeMap<String, Vec<String>>, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| error.to_string())?;
    let mut out = BTreeMap::new();
    for (name, value) in table {
        match value {
            toml::Value::Table(inner) if TABLES.contains(&name.as_str()) => {
                for (inner_name, value) in inner {
                    out.insert(flag(&format!("{name}-{inner_name}")), texts(&inner_name, value)?);
                }
            }
            value => {
                out.insert(flag(&name), texts(&name, value)?);
            }
        }
    }
    Ok(out)
}

fn flag(name: &str) -> String {
    name.replace('_', "-")
}

fn texts(name: &str, value: toml::Value) -> Result<Vec<String>, String> {
    match value {
        toml::Value::String(text) => Ok(vec![text]),
        toml::Value::Integer(number) => Ok(vec![number.to_string()]),
        toml::Value::Boolean(flag) => Ok(vec![flag.to_string()]),
        toml::Value::Array(items) => Ok(items.into_iter().map(|item| texts(name, item)).collect::<Result<Vec<_>, _>>()?.concat()),
        _ => Err(format!("'{name}' must be a text, a whole number, true or false, or a list of these")),
    }
}

/// Every setting as a commented TOML file.
pub fn print<C: CommandFactory>() -> anyhow::Result<ExitCode> {
    crate::print_out(&commented_toml(&command::<C>()))
}

fn commented_toml(command: &clap::Command) -> String {
    use std::fmt::Write;
    let mut out = String::from("# Settings of `cordboard serve`. Each is also a flag (--data-dir) and a variable (CORDBOARD_DATA_DIR), which win over this file.\n");
    let mut table = "";
    for argument in command.find_subcommand("serve").into_iter().flat_map(clap::Command::get_arguments) {
        let Some(long) = argument.get_long().filter(|long| !["help", "config"].contains(long)) else { continue };
        let (of_table, key) = TABLES.iter().find_map(|table| Some((*table, long.strip_prefix(table)?.strip_prefix('-')?))).unwrap_or(("", long));
        if of_table != table {
            let _ = write!(out, "\n[{of_table}]\n");
            table = of_table;
        }
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let unit = argument.get_value_names().and_then(<[_]>::first).map(ToString::to_string).unwrap_or_default();
        let defaults: Vec<String> = argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
        let quoted = |text: &str| if ["BOOL", "N", "DAYS", "SECONDS", "MIB"].contains(&unit.as_str()) { text.to_owned() } else { toml::Value::from(text).to_string() };
        let list = matches!(argument.get_action(), ArgAction::Append);
        let value = match defaults.as_slice() {
            _ if list => format!("[{}]", defaults.iter().map(|default| quoted(default)).collect::<Vec<_>>().join(", ")),
            [] => "\"\"".to_owned(),
            [default, ..] => quoted(default),
        };
        let _ = write!(out, "\n# {help} ({unit})\n# {} = {value}\n", key.replace('-', "_"));
    }
    out
}

#[cfg(test)]
pub mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::Folder;

    #[derive(Parser)]
    #[command(name = "cordboard")]
    enum Only {
        Serve(Box<Settings>),
    }

    pub fn read(arguments: &[&str]) -> Result<Settings, clap::Error> {
        let arguments = with_default_command(std::iter::once("cordboard").chain(arguments.iter().copied()).map(OsString::from).collect());
        parse::<Only>(arguments).map(|Only::Serve(settings)| *settings)
    }

    #[test]
    fn a_flag_wins_over_the_file_and_the_file_over_the_default() {
        let folder = Folder::new();
        let config = folder.file(
            "cordboard.toml",
            "http = \"127.0.0.1:1\"\ndomain = \"example.org\"\ntls_name = [\"a.example\", \"b.example\"]\n[limits]\nusers = 5\n[compat]\ntypings = true\n",
        );
        let settings = read(&["--config", &config, "--http", "127.0.0.1:2"]).unwrap();
        assert_eq!(settings.http.port(), 2);
        assert_eq!((settings.domain.as_str(), settings.limits_users, settings.compat_typings), ("example.org", 5, true));
        assert_eq!(settings.tls_name, ["a.example", "b.example"]);
        assert_eq!(settings.limits_keys, 1_000);
    }

    #[test]
    fn the_way_out_is_public_unless_networks_are_named() {
        assert!(read(&[]).unwrap().way_out_allow.is_empty());
        let folder = Folder::new();
        let config = folder.file("cordboard.toml", "way_out_allow = [\"10.1.0.0/16\", \"fd12::/16\"]\nway_out_ca = \"own.pem\"\nsmtp_url = \"smtp://mail.example\"\n");
        let settings = read(&["--config", &config]).unwrap();
        assert_eq!(settings.way_out_allow, ["10.1.0.0/16", "fd12::/16"].map(|net| net.parse().unwrap()));
        assert_eq!((settings.way_out_ca, settings.smtp_url.as_str()), (Some(PathBuf::from("own.pem")), "smtp://mail.example"));
        assert_eq!(read(&["--config", &config, "--way-out-allow", "10.2.0.0/16,10.3.0.0/16", "--way-out-allow", "10.4.0.0/16"]).unwrap().way_out_allow.len(), 3);
        assert!(read(&["--way-out-allow", "10.1.0.0/33"]).unwrap_err().to_string().contains("--way-out-allow"));
    }

    #[test]
    fn the_trunk_has_a_table_of_its_own() {
        assert!(read(&[]).unwrap().trunk(1).is_none());
        let folder = Folder::new();
        let config =
            folder.file("cordboard.toml", "[trunk]\nhost = \"sip.example.org\"\nnumbers = [\"+15550100=demo\"]\nallowed = [\"+1555*\"]\nsources = [\"192.0.2.0/24\"]\n");
        let settings = read(&["--config", &config]).unwrap();
        assert!(settings.trunk(1).unwrap().judge(cordboard_switch::trunk::Account { id: 1, name: "owner" }, "+15559", "+15550100", &[]).is_ok());
        assert_eq!((settings.trunk_transport.as_str(), settings.trunk_sources.len()), ("udp", 1));
        for wrong in ["--trunk-numbers=+15550100", "--trunk-allowed=alice", "--trunk-transport=pigeon", "--trunk-sources=here"] {
            assert!(read(&[wrong]).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_address_name_or_url_is_said_with_an_example() {
        for (wrong, example) in [
            ("--http=8080", "127.0.0.1:8080"),
            ("--sip=localhost:5060", "127.0.0.1:8080"),
            ("--way-out-allow=localhost", "10.1.0.0/16"),
            ("--trusted-proxies=10.0.0.0/33", "10.1.0.0/16"),
            ("--domain=my domain", "calls.example.org"),
            ("--public-url=call.example.org", "https://calls.example.org"),
            ("--public-url=ftp://call.example.org", "https://calls.example.org"),
        ] {
            let error = read(&[wrong]).unwrap_err().to_string();
            assert!(error.contains(example), "{error}");
        }
        let settings = read(&["--trunk-sources=192.0.2.7", "--public-url=https://calls.example.org/api"]).unwrap();
        assert_eq!(settings.trunk_sources, ["192.0.2.7/32".parse().unwrap()]);
    }

    #[test]
    fn guests_reach_the_example_unless_another_application_is_named() {
        let guests = |arguments: &[&str]| read(arguments).unwrap().api(String::new(), String::new(), String::new(), String::new()).guests;
        assert_eq!(guests(&[]), ["demo"]);
        assert_eq!(guests(&["--guests", "shop", "--guests", "shop.acme"]), ["shop", "shop.acme"]);
        assert!(guests(&["--guests", "none"]).is_empty());
    }

    #[test]
    fn what_is_wrong_in_a_file_is_named_with_the_file() {
        let folder = Folder::new();
        for (name, text, wanted) in [
            ("unknown", "htpp = 1", "'htpp' is no setting"),
            ("value", "drain = \"soon\"", "soon"),
            ("syntax", "http = ", "http"),
            ("table", "[limits]\nusers = -1", "-1"),
        ] {
            let config = folder.file(name, text);
            let error = read(&["--config", &config]).unwrap_err().to_string();
            assert!(error.contains(wanted) && error.contains(&config), "{error}");
        }
        assert!(read(&["--config", "/nowhere/cordboard.toml"]).unwrap_err().to_string().contains("/nowhere"));
    }

    #[test]
    fn the_printed_file_is_valid_and_says_the_defaults() {
        let printed = commented_toml(&command::<Only>());
        let uncommented: String = printed
            .lines()
            .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(if line.starts_with('#') { "" } else { line }))
            .collect::<Vec<_>>()
            .join("\n");
        let folder = Folder::new();
        let config = folder.file("cordboard.toml", &uncommented);
        let (from_file, defaults) = (read(&["--config", &config]).unwrap(), read(&[]).unwrap());
        assert_eq!(format!("{:?}", Settings { config: None, ..from_file }), format!("{defaults:?}"));
    }
}
