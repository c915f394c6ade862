//! What an operator may set about the API. The server reads these from flags, environment and file.

use std::path::PathBuf;

/// Settings of the API with their defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The domain behind `<application>.<account>.`.
    pub domain: String,
    /// The host that `GetAccountInfo` names as `api_address`.
    pub public_host: String,
    /// `http://…` without a slash at the end: what plain links name.
    pub plain_url: String,
    /// `https://…` without a slash at the end: what secure links name.
    pub secure_url: String,
    /// The folder of `logs` and `reports`.
    pub files: PathBuf,
    /// The name of this node among those that share a database.
    pub node: String,
    /// Applications that guests may call, as `application` of the first account or `application.account`.
    pub guests: Vec<String>,
    /// Where typings of official clients and the documented answer disagree in shape: the typings' shape.
    pub compat_typings: bool,
    /// Whether authorized IPs are enforced; off lets an operator back in who locked everybody out.
    pub enforce_authorized_ips: bool,
    /// Days that the audit log keeps.
    pub audit_days: i64,
    /// Days that a finished report is kept.
    pub report_days: i64,
    /// Days that the log of an ended session is kept.
    pub log_days: i64,
    /// Days that a session's recording is kept.
    pub session_recording_days: i64,
    pub limits: Limits,
}

/// Things that one account may have. The hosted service's numbers where they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    pub applications: i64,
    pub users: i64,
    pub rules: i64,
    pub scenarios: i64,
    pub rule_scenarios: i64,
    pub keys: i64,
    pub subusers: i64,
    pub authorized_ips: i64,
    /// Networks whose SIP calls need no password.
    pub sip_white_list: i64,
    pub child_accounts: i64,
    /// Stored items of one application; expired ones make room.
    pub key_values: i64,
    /// Secrets of one application. A session is given all of them when it starts.
    pub secrets: i64,
    /// Reports that are not finished yet.
    pub open_reports: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            domain: "cordboard.internal".to_owned(),
            public_host: "localhost".to_owned(),
            plain_url: "http://localhost:8080".to_owned(),
            secure_url: "https://localhost:8443".to_owned(),
            files: PathBuf::from("cordboard-data"),
            node: "local".to_owned(),
            guests: vec!["demo".to_owned()],
            compat_typings: false,
            enforce_authorized_ips: true,
            audit_days: 365,
            report_days: 30,
            log_days: 30,
            session_recording_days: 7,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            applications: 1_000,
            users: 1_000,
            rules: 10_000,
            scenarios: 10_000,
            rule_scenarios: 100,
            keys: 1_000,
            subusers: 1_000,
            authorized_ips: 1_000,
            sip_white_list: 1_000,
            child_accounts: 10_000,
            key_values: 1_000_000,
            secrets: 100,
            open_reports: 10,
        }
    }
}
