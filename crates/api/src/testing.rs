//! A small world for tests: a fresh database, an owner, and a clock that moves when told.
//!
//! PostgreSQL tests need `CORDBOARD_TEST_POSTGRES`, a URL of a database in which schemas may be made; `./test` sets it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

pub use cordboard_derive::on_both_databases;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
pub use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Api, Incoming, Outgoing, Settings,
    caller::Account,
    error::Result,
    live::{Command, ControlAnswer, Live, Start},
    registry::{Catalogue, Entry},
    store::{
        accounts,
        db::{Db, Lock, Tx},
        panel_sessions,
        rules::{self, Rule},
        scenarios::{self, Scenario},
        sessions::{self, End, New, Node},
        users::{self, User},
    },
    things::Thing,
    wire::{Answer, Utc},
};

/// 2026-01-01 12:00:00 UTC.
pub const START: Utc = Utc(1_767_268_800_000);

/// The password of subusers that `add_subuser` makes.
pub const SUBUSER_PASSWORD: &str = "Go0d-Passw";

/// The password of accounts that `child` makes.
pub const CHILD_PASSWORD: &str = "Ch1ld-Passw";

const SECRET_KEY: [u8; 32] = [7; 32];

/// Codes that any method may answer.
const EVERYWHERE: [u16; 17] = [100, 101, 102, 103, 104, 111, 115, 127, 131, 134, 135, 137, 161, 162, 447, 454, 456];

/// A caller.
#[derive(Clone)]
pub enum Who {
    Key {
        id: String,
        account_id: i64,
        key: EncodingKey,
    },
    /// Older credentials, as parameters.
    Older(Vec<(String, String)>),
    /// The token of a panel session.
    Panel(String),
    Nobody,
}

impl Who {
    /// The id of a key.
    pub fn id(&self) -> &str {
        match self {
            Self::Key { id, .. } => id,
            Self::Older(_) | Self::Panel(_) | Self::Nobody => panic!("not a key"),
        }
    }

    /// The same key, acting on another account.
    #[must_use]
    pub fn on(&self, account: &str) -> Self {
        match self.clone() {
            Self::Key { id, key, .. } => Self::Key { id, key, account_id: account.parse().unwrap() },
            other => other,
        }
    }
}

/// A fresh installation.
pub struct World {
    pub api: Arc<Api>,
    pub owner: Who,
    pub owner_password: String,
    started: Arc<Mutex<Vec<Start>>>,
    place: Place,
    files: Arc<TempDir>,
    now: Utc,
    ip: IpAddr,
}

#[derive(Clone)]
enum Place {
    Sqlite(Arc<TempDir>),
    Postgres(String),
}

fn folder() -> Arc<TempDir> {
    Arc::new(tempfile::Builder::new().prefix("cordboard_test_").tempdir().unwrap())
}

static NEXT: AtomicU64 = AtomicU64::new(0);

fn unique() -> String {
    format!("cordboard_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

impl Place {
    async fn open(&self) -> Db {
        match self {
            Self::Sqlite(folder) => Db::sqlite(&folder.path().join("cordboard.db")).await.unwrap(),
            Self::Postgres(url) => Db::postgres(url, 4).await.unwrap(),
        }
    }
}

impl World {
    pub async fn sqlite() -> Self {
        Self::fresh(Place::Sqlite(folder())).await
    }

    /// Makes a schema of its own, which stays for a look after a failure and goes with the test database.
    pub async fn postgres() -> Self {
        let url = std::env::var("CORDBOARD_TEST_POSTGRES").expect("CORDBOARD_TEST_POSTGRES is not set: run ./test, which starts PostgreSQL");
        let schema = unique();
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
        let connection = tokio::spawn(connection);
        client.batch_execute(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).await.unwrap();
        drop(client);
        connection.await.unwrap().unwrap();
        let separator = if url.contains('?') { '&' } else { '?' };
        Self::fresh(Place::Postgres(format!("{url}{separator}options=-csearch_path%3D{schema}"))).await
    }

    async fn fresh(place: Place) -> Self {
        let files = folder();
        let settings = Settings { files: files.path().to_owned(), ..Settings::default() };
        let api = Api::open(settings, place.open().await, &SECRET_KEY).await.unwrap();
        let started = run_sessions(&api).await;
        let first = api.first_start(START).await.unwrap().expect("a fresh database");
        api.first_start_kept(START).await.unwrap();
        api.db.write(Lock::None, empty).await.unwrap();
        let credentials = serde_json::to_value(&first.credentials).unwrap();
        let ip = IpAddr::from([192, 0, 2, 1]);
        let world = Self { api, owner: Who::Nobody, owner_password: first.password, started, place, files, now: START, ip };
        Self { owner: world.key_from(&credentials), ..world }
    }

    /// The same installation under other settings.
    pub async fn with<R>(self, change: impl FnOnce(&mut Settings) -> R) -> Self {
        let mut settings = self.api.settings.clone();
        change(&mut settings);
        self.api.close().await.unwrap();
        let api = Api::open(settings, self.place.open().await, &SECRET_KEY).await.unwrap();
        let started = run_sessions(&api).await;
        Self { api, started, ..self }
    }

    /// The same installation, called from another address.
    pub fn from_ip(&self, ip: &str) -> Self {
        Self {
            api: self.api.clone(),
            owner: self.owner.clone(),
            owner_password: self.owner_password.clone(),
            started: self.started.clone(),
            place: self.place.clone(),
            files: self.files.clone(),
            now: self.now,
            ip: ip.parse().unwrap(),
        }
    }

    pub fn advance_ms(&mut self, ms: i64) {
        self.now = Utc(self.now.0 + ms);
    }

    pub fn now(&self) -> Utc {
        self.now
    }

    /// A caller with the key of a credentials object.
    pub fn key_from(&self, credentials: &Value) -> Who {
        let pem = credentials["private_key"].as_str().expect("private_key");
        Who::Key {
            id: credentials["key_id"].as_str().expect("key_id").to_owned(),
            account_id: credentials["account_id"].as_i64().expect("account_id"),
            key: EncodingKey::from_rsa_pem(pem.as_bytes()).expect("a PKCS#8 PEM"),
        }
    }

    /// A JWT that is good now.
    pub fn token(&self, who: &Who) -> String {
        let Who::Key { id, account_id, key } = who else { panic!("not a key") };
        let seconds = self.now.0 / 1_000;
        self.signed(id, key, &json!({"iss": account_id, "iat": seconds, "exp": seconds + 64}))
    }

    /// A JWT with these claims.
    pub fn signed(&self, kid: &str, key: &EncodingKey, claims: &Value) -> String {
        let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::RS256) };
        jsonwebtoken::encode(&header, claims, key).unwrap()
    }

    /// An `Incoming` as a form, to be changed by tests of the wire.
    pub fn form(&self, who: &Who, method: &str, params: &[(&str, &str)]) -> Incoming {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for (name, value) in params {
            body.append_pair(name, value);
        }
        let (mut authorization, mut panel_session) = (None, None);
        match who {
            Who::Key { .. } => authorization = Some(format!("Bearer {}", self.token(who))),
            Who::Older(credentials) => {
                body.extend_pairs(credentials);
            }
            Who::Panel(token) => panel_session = Some(token.clone()),
            Who::Nobody => {}
        }
        Incoming {
            path_method: Some(method.to_owned()),
            query: String::new(),
            content_type: Some("application/x-www-form-urlencoded".to_owned()),
            authorization,
            panel_session,
            body: body.finish().into(),
            ip: self.ip,
            now: self.now,
        }
    }

    pub async fn send(&self, incoming: Incoming) -> Value {
        json_of(&self.api.handle(incoming).await)
    }

    /// Whatever is answered.
    pub async fn call(&self, who: &Who, method: &str, params: &[(&str, &str)]) -> Value {
        let answer = self.send(self.form(who, method, params)).await;
        if let Some(code) = answer["error"]["code"].as_u64() {
            assert!(documented(method, code), "{method} answers {code}, which its ERRORS and parameters do not name: {answer}");
        }
        answer
    }

    /// The answer of a call that must succeed.
    pub async fn ok(&self, who: &Who, method: &str, params: &[(&str, &str)]) -> Value {
        let answer = self.call(who, method, params).await;
        assert!(answer.get("error").is_none(), "{method} {params:?}: {answer}");
        answer
    }

    /// The code of a call that must be refused.
    pub async fn refused(&self, who: &Who, method: &str, params: &[(&str, &str)]) -> u64 {
        let answer = self.call(who, method, params).await;
        answer["error"]["code"].as_u64().unwrap_or_else(|| panic!("{method} was not refused: {answer}"))
    }

    /// The text of a call that must answer a file.
    pub async fn file(&self, who: &Who, method: &str, params: &[(&str, &str)]) -> String {
        match self.api.handle(self.form(who, method, params)).await.answer {
            Answer::File { bytes, .. } => String::from_utf8(bytes).unwrap(),
            Answer::Stored(file) => std::fs::read_to_string(&file.path).unwrap(),
            Answer::Json(json) => panic!("{method} answered JSON: {}", String::from_utf8_lossy(&json)),
        }
    }

    /// A call that was authenticated and has not run yet.
    pub async fn authenticated(&self, who: &Who, method: &str) -> crate::Call {
        let incoming = self.form(who, method, &[]);
        let params = crate::wire::body::params("", incoming.content_type.as_deref(), incoming.body).await.unwrap();
        let proof = crate::auth::Proof {
            authorization: incoming.authorization.as_deref(),
            panel_session: incoming.panel_session.as_deref(),
            params: &params,
            ip: self.ip,
            now: self.now,
        };
        let entry = Catalogue::get().find(method).expect("a known method");
        let (account, caller) = self.api.authenticate(&proof, &entry).await.unwrap();
        crate::Call { api: self.api.clone(), account, caller, now: self.now, ip: self.ip, command: entry.name(), arguments: crate::call::Arguments::default() }
    }

    pub async fn with_token(&self, token: &str, method: &str, params: &[(&str, &str)]) -> Value {
        let incoming = Incoming { authorization: Some(format!("Bearer {token}")), ..self.form(&Who::Nobody, method, params) };
        self.send(incoming).await
    }

    /// A new key with these roles.
    pub async fn key(&self, roles: &[&str]) -> Who {
        let names = roles.join(";");
        let params = if roles.is_empty() { vec![] } else { vec![("role_name", names.as_str())] };
        self.key_from(&self.ok(&self.owner, "CreateKey", &params).await["result"])
    }

    /// The owner by password.
    pub fn password(&self) -> Who {
        self.with_password(&self.owner_password)
    }

    pub fn with_password(&self, password: &str) -> Who {
        Who::Older(vec![("account_name".to_owned(), "owner".to_owned()), ("account_password".to_owned(), password.to_owned())])
    }

    /// The owner by API key.
    pub async fn api_key(&self) -> Who {
        let info = self.ok(&self.password(), "GetAccountInfo", &[]).await;
        let api_key = info["result"]["api_key"].as_str().expect("api_key").to_owned();
        Who::Older(vec![("account_id".to_owned(), self.account_id()), ("api_key".to_owned(), api_key)])
    }

    /// The token of a new panel session, whose user may have to change the password first.
    pub async fn open_panel(&self, who: &Who) -> String {
        self.ok(who, "OpenPanelSession", &[]).await["token"].as_str().expect("a token").to_owned()
    }

    /// A panel session whose user has chosen the password.
    pub async fn panel(&self, who: &Who) -> Who {
        let token = self.open_panel(who).await;
        let hash = crate::secrets::hash(&token);
        let chosen = move |tx: &Tx| {
            let session = panel_sessions::by_token(tx, &hash)?.expect("the session");
            let account = crate::caller::Account::authenticated(crate::store::accounts::tenant_by_id(tx, session.account_id)?.expect("its account"));
            match session.subuser_id {
                Some(id) => {
                    let hash = crate::store::subusers::find(&account, tx, id)?.password_hash;
                    crate::store::subusers::update(&account, tx, id, None, Some(&hash), false)?;
                }
                None => {
                    let changes = crate::store::accounts::Changes { password_must_change: Some(false), ..Default::default() };
                    crate::store::accounts::update(&account, tx, &changes)?;
                }
            }
            Ok(())
        };
        self.api.db.write(Lock::None, chosen).await.unwrap();
        Who::Panel(token)
    }

    /// Switches a second factor on for the user of a panel session.
    pub async fn second_factor(&self, panel: &Who) -> SecondFactor {
        let who = self.ok(panel, "GetPanelSession", &[]).await;
        let password = match (who["result"]["subuser_name"].is_string(), who["result"]["account_name"].as_str()) {
            (true, _) => SUBUSER_PASSWORD,
            (false, Some("owner")) => &self.owner_password,
            (false, _) => CHILD_PASSWORD,
        };
        let text = self.ok(panel, "StartSecondFactor", &[("password", password)]).await["secret"].as_str().expect("a secret").to_owned();
        let factor = SecondFactor { secret: base32(&text), recovery_codes: Vec::new() };
        let confirmed = self.ok(panel, "ConfirmSecondFactor", &[("code", &factor.code(self))]).await;
        let recovery_codes = confirmed["recovery_codes"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        SecondFactor { recovery_codes, ..factor }
    }

    pub fn subuser(&self, name: &str, password: &str) -> Who {
        let pairs = [("account_name", "owner"), ("subuser_login", name), ("subuser_password", password)];
        Who::Older(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub fn account_id(&self) -> String {
        match &self.owner {
            Who::Key { account_id, .. } => account_id.to_string(),
            Who::Older(_) | Who::Panel(_) | Who::Nobody => panic!("the owner is a key"),
        }
    }

    pub fn owner_email(&self) -> &'static str {
        "owner@localhost.localdomain"
    }

    pub async fn add_subuser(&self, name: &str, roles: &[&str]) -> String {
        let names = roles.join(";");
        let params = [("new_subuser_name", name), ("new_subuser_password", SUBUSER_PASSWORD), ("role_name", &names)];
        self.ok(&self.owner, "AddSubUser", &params).await["result"]["subuser_id"].to_string()
    }

    /// An active child account.
    pub async fn child(&self, name: &str, email: &str) -> String {
        let params = [("account_name", name), ("account_email", email), ("account_password", CHILD_PASSWORD), ("active", "true")];
        self.ok(&self.owner, "AddAccount", &params).await["account_id"].to_string()
    }

    pub async fn application(&self, name: &str) -> String {
        self.ok(&self.owner, "AddApplication", &[("application_name", name)]).await["application_id"].to_string()
    }

    pub async fn user(&self, application: &str, name: &str) -> String {
        let params = [("application_id", application), ("user_name", name), ("user_display_name", name), ("user_password", "Us3r-Passwort")];
        self.ok(&self.owner, "AddUser", &params).await["user_id"].to_string()
    }

    pub async fn rule(&self, application: &str, name: &str, pattern: &str) -> String {
        let params = [("application_id", application), ("rule_name", name), ("rule_pattern", pattern)];
        self.ok(&self.owner, "AddRule", &params).await["rule_id"].to_string()
    }

    /// A shared scenario.
    pub async fn scenario(&self, name: &str) -> String {
        self.ok(&self.owner, "AddScenario", &[("scenario_name", name), ("scenario_script", "let a;")]).await["scenario_id"].to_string()
    }

    /// An application with the rule `run`, which runs this script.
    pub async fn running_rule(&self, application: &str, script: &str) -> String {
        let id = self.application(application).await;
        let rule = self.rule(&id, "run", ".*").await;
        let params = [("scenario_name", "script"), ("scenario_script", script), ("rule_id", rule.as_str()), ("application_id", id.as_str())];
        self.ok(&self.owner, "AddScenario", &params).await;
        rule
    }

    /// What was asked to be started and runs.
    pub fn started(&self) -> Vec<Start> {
        self.started.lock().unwrap().clone()
    }

    /// Reads the database behind the API's back.
    pub async fn read<R: Send + 'static>(&self, work: impl FnOnce(&Tx) -> Result<R> + Send + 'static) -> Result<R> {
        self.api.db.read(work).await
    }

    /// A session of the account that began so many seconds ago, as `change` makes it. One that ends at 0 lives.
    pub async fn session(&self, account: &str, seconds_ago: i64, change: impl FnOnce(&mut New, &mut End)) -> i64 {
        let tenant_id = account.parse().unwrap();
        let node = Node { name: "test".to_owned(), epoch: 1 };
        let started_at = Utc(self.now.0 - seconds_ago * 1_000);
        let mut new = New {
            application_id: 1,
            application_name: "shop".to_owned(),
            rule_id: 1,
            rule_name: "all".to_owned(),
            user_id: None,
            token_hash: vec![7],
            initiator_address: "192.0.2.1".to_owned(),
            media_server_address: "192.0.2.2".to_owned(),
            secure: false,
            started_at,
            custom_data: String::new(),
        };
        let finish_reason = "Normal termination".to_owned();
        let mut end = End { ended_at: Utc(started_at.0 + 6_000), finish_reason, custom_data: String::new(), calls: Vec::new() };
        change(&mut new, &mut end);
        let write = move |tx: &Tx| {
            let tenant = crate::store::accounts::tenant_by_id(tx, tenant_id)?.expect("an account");
            let id = sessions::begin(&crate::caller::Account::authenticated(tenant), tx, &node, &new)?;
            if end.ended_at.0 > 0 {
                assert!(sessions::finish(tx, &node, id, &end)?);
            }
            Ok(id)
        };
        self.api.db.write(Lock::None, write).await.unwrap()
    }

    /// Builds the reports that were ordered.
    pub async fn build_reports(&self) {
        let now = self.now;
        self.api.build_reports(move || now).await.unwrap();
    }

    /// A report that is ordered, built and downloaded.
    pub async fn report(&self, who: &Who, method: &str, params: &[(&str, &str)]) -> String {
        let ordered = self.ok(who, method, params).await;
        assert_eq!(ordered["result"], 1);
        self.build_reports().await;
        self.file(who, "DownloadHistoryReport", &[("history_report_id", &ordered["history_report_id"].to_string())]).await
    }

    /// The name that a user's digests were made over, and the digests.
    pub async fn user_digests(&self, id: i64) -> (String, String) {
        let tenant_id = self.account_id().parse().unwrap();
        let (name, sealed) = self
            .api
            .db
            .read(move |tx| {
                let tenant = crate::store::accounts::tenant_by_id(tx, tenant_id)?.expect("the owner");
                Ok(crate::store::users::digests(&crate::caller::Account::authenticated(tenant), tx, id)?)
            })
            .await
            .unwrap();
        (name, self.api.secrets.decrypt_text(crate::secrets::Purpose::UserDigests, &sealed).unwrap())
    }
}

/// A second factor as its user has it.
pub struct SecondFactor {
    secret: Vec<u8>,
    pub recovery_codes: Vec<String>,
}

/// Takes everything out of the example application, so that tests count what they made.
fn empty(tx: &Tx) -> Result<()> {
    let account = Account::authenticated(accounts::first_tenant(tx)?.expect("the first account"));
    for rule in Rule::all(&account, tx, None)? {
        rules::delete(&account, tx, rule.id)?;
    }
    for scenario in Scenario::all(&account, tx, None)? {
        scenarios::delete(&account, tx, scenario.id)?;
    }
    for user in User::all(&account, tx, None)? {
        users::delete(&account, tx, user.id)?;
    }
    Ok(())
}

impl SecondFactor {
    /// What the app shows now.
    pub fn code(&self, world: &World) -> String {
        crate::totp::code_at(&self.secret, world.now)
    }
}

/// The bytes of a text in Base32.
fn base32(text: &str) -> Vec<u8> {
    let digits = text.bytes().map(|letter| if letter.is_ascii_digit() { letter - b'2' + 26 } else { letter - b'A' });
    let bits: Vec<u8> = digits.flat_map(|digit| (0..5).rev().map(move |at| digit >> at & 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

/// An answered incoming call of six seconds.
pub fn leg(remote_number: &str, local_number: &str) -> sessions::Leg {
    sessions::Leg {
        started_at: START,
        duration: 6,
        local_number: local_number.to_owned(),
        remote_number: remote_number.to_owned(),
        remote_number_type: "pstn".to_owned(),
        diversion_number: None,
        incoming: true,
        successful: true,
        custom_data: None,
        end_code: 200,
        end_reason: "Normal call clearing".to_owned(),
        explanation: None,
    }
}

/// The `role_name`s of an answer's `result`.
pub fn names(answer: &Value) -> Vec<String> {
    answer["result"].as_array().into_iter().flatten().map(|role| role["role_name"].as_str().unwrap_or_default().to_owned()).collect()
}

pub fn json_of(outgoing: &Outgoing) -> Value {
    match &outgoing.answer {
        Answer::Json(bytes) => serde_json::from_slice(bytes).expect("an answer is JSON"),
        Answer::File { .. } | Answer::Stored(_) => json!({"file": true}),
    }
}

/// Whether a method's list, its parameters or the list of every method name a code.
pub fn documented(method: &str, code: u64) -> bool {
    let of_method: BTreeMap<u64, ()> = match Catalogue::get().find(method) {
        Some(Entry::Real(real)) => real.errors.iter().map(|code| code.0).chain((real.fields)().iter().map(|field| field.code.0)).map(|code| (code.into(), ())).collect(),
        _ => BTreeMap::new(),
    };
    of_method.contains_key(&code) || EVERYWHERE.iter().any(|other| u64::from(*other) == code)
}

/// Takes the commands for sessions as a server does that has room for all and runs none.
async fn run_sessions(api: &Arc<Api>) -> Arc<Mutex<Vec<Start>>> {
    api.begin_node(START).await.unwrap();
    let started = Arc::new(Mutex::new(Vec::<Start>::new()));
    let (running, weak): (_, Weak<Api>) = (started.clone(), Arc::downgrade(api));
    let mut commands = api.session_commands().expect("the first receiver");
    tokio::spawn(async move {
        while let Some(command) = commands.recv().await {
            match command {
                Command::Admit { reply, .. } => drop(reply.send(Ok(()))),
                Command::Forgo { .. } => {}
                Command::Start { start, reply } => {
                    running.lock().unwrap().push(*start);
                    let _ = reply.send(Ok(()));
                }
                Command::List { account_id, offset, count, reply } => {
                    let of_account = |start: &&Start| start.account.id() == account_id;
                    let all: Vec<Live> = running.lock().unwrap().iter().filter(of_account).map(live).collect();
                    let total = all.len();
                    let _ = reply.send((all.into_iter().skip(offset).take(count).collect(), total));
                }
                Command::Stop { session_id, reply, .. } => {
                    let before = running.lock().unwrap().len();
                    running.lock().unwrap().retain(|start| start.session_id != session_id);
                    let known = running.lock().unwrap().len() < before;
                    if let Some(api) = weak.upgrade().filter(|_| known) {
                        let end = End { ended_at: START, finish_reason: "Terminated administratively".to_owned(), custom_data: String::new(), calls: Vec::new() };
                        api.session_ended(session_id, end).await.unwrap();
                    }
                    let _ = reply.send(known);
                }
                Command::Request { account_id, session_id, request, reply } => {
                    let runs = running.lock().unwrap().iter().any(|start| start.session_id == session_id && start.account.id() == account_id);
                    let (status, content) =
                        if runs { (200, format!("{} {} {}", request.method, request.below, request.content)) } else { (404, "There is no such session.\n".to_owned()) };
                    let _ = reply.send(ControlAnswer { status, content_type: Some("text/plain; charset=utf-8"), content });
                }
            }
        }
    });
    started
}

fn live(start: &Start) -> Live {
    Live {
        session_id: start.session_id,
        application_id: start.application_id,
        application_name: start.application_name.clone(),
        rule_id: start.rule_id,
        rule_name: start.rule_name.clone(),
        user_id: start.user_id,
        started_at: START,
        custom_data: start.custom_data.clone(),
    }
}
