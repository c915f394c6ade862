//! Running sessions, as methods reach them: commands go to the server over a bounded queue, and each brings its answer back.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock},
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    Api,
    caller::{Account, Caller, Identity},
    codes,
    dispatch::Outgoing,
    error::{Error, Result},
    store::{
        accounts,
        db::Lock,
        keys, nodes,
        sessions::{self, End, Node},
    },
    wire::{Params, Utc},
};

/// What sessions that a crash cut off are called in the history.
pub const CUT_OFF: &str = "Internal error (the server was restarted)";

/// `StartScenarios` requests of one account at once. Semantics §12.5.
pub const STARTS_AT_ONCE: usize = 200;

/// Commands that wait for the server.
const COMMANDS: usize = 1_024;

/// Something that a method wants of the sessions.
#[derive(Debug)]
pub enum Command {
    /// May this account have one more session? A refusal says why not.
    Admit { account_id: i64, reply: oneshot::Sender<Result<(), String>> },
    /// The session is in the database; it begins now. A refusal ends it there, too.
    Start { start: Box<Start>, reply: oneshot::Sender<Result<(), String>> },
    /// An admitted session does not begin after all.
    Forgo { account_id: i64 },
    /// Some sessions of the account, the oldest first, and how many it has.
    List { account_id: i64, offset: usize, count: usize, reply: oneshot::Sender<(Vec<Live>, usize)> },
    /// Ends a session of the account; false when it does not live here.
    Stop { account_id: i64, session_id: i64, reply: oneshot::Sender<bool> },
    /// A request to the control URL of a session of the account. One that does not live here answers as one that has ended.
    Request { account_id: i64, session_id: i64, request: ControlRequest, reply: oneshot::Sender<ControlAnswer> },
}

/// A request to a session's control URL.
#[derive(Clone, Debug)]
pub struct ControlRequest {
    pub method: String,
    /// What follows the URL's token, as it stands in a URL.
    pub below: String,
    pub content: String,
}

/// What the control URL answers.
#[derive(Clone, Debug)]
pub struct ControlAnswer {
    /// HTTP's.
    pub status: u16,
    pub content_type: Option<&'static str>,
    pub content: String,
}

/// Everything that a session needs to begin.
#[derive(Clone, Debug)]
pub struct Start {
    pub session_id: i64,
    pub account: Account,
    pub application_id: i64,
    /// The full name.
    pub application_name: String,
    pub rule_id: i64,
    pub rule_name: String,
    pub user_id: Option<i64>,
    pub bind_key_id: Option<String>,
    /// Names and texts in the rule's order.
    pub scenarios: Vec<(String, String)>,
    pub custom_data: String,
    pub access_url: String,
    pub access_secure_url: String,
    pub log_url: String,
    /// Hexadecimal, 128 bits.
    pub token: String,
    pub secrets: BTreeMap<String, String>,
    /// Whether its inputs are kept to be played again.
    pub recorded: bool,
}

/// A session that lives.
#[derive(Clone, Debug)]
pub struct Live {
    pub session_id: i64,
    pub application_id: i64,
    pub application_name: String,
    pub rule_id: i64,
    pub rule_name: String,
    pub user_id: Option<i64>,
    pub started_at: Utc,
    pub custom_data: String,
}

/// The way to the server's sessions, and who this node is.
#[derive(Default)]
pub struct Sessions {
    commands: OnceLock<mpsc::Sender<Command>>,
    node: OnceLock<Node>,
    starting: Arc<Mutex<BTreeMap<i64, usize>>>,
}

/// One `StartScenarios` request under way; its place is free again when this goes.
pub struct Starting {
    starting: Arc<Mutex<BTreeMap<i64, usize>>>,
    account_id: i64,
}

impl Drop for Starting {
    fn drop(&mut self) {
        let Ok(mut starting) = self.starting.lock() else { return };
        if let Some(running) = starting.get_mut(&self.account_id) {
            *running -= 1;
            if *running == 0 {
                starting.remove(&self.account_id);
            }
        }
    }
}

impl Sessions {
    /// A place among the account's starts, or a 429.
    pub fn starting(&self, account_id: i64) -> Result<Starting> {
        if let Ok(mut starting) = self.starting.lock() {
            let running = starting.entry(account_id).or_insert(0);
            if *running >= STARTS_AT_ONCE {
                let msg = format!("At most {STARTS_AT_ONCE} StartScenarios requests of an account may run at once; try again in a moment.");
                return Err(Error { http_status: Some(429), ..Error::new(codes::RATE_LIMIT, msg) }.into());
            }
            *running += 1;
        }
        Ok(Starting { starting: self.starting.clone(), account_id })
    }

    fn unreachable(what: &str) -> Error {
        Error::internal(codes::INTERNAL, format!("the sessions are not reached: {what}"))
    }

    async fn ask<R>(&self, command: impl FnOnce(oneshot::Sender<R>) -> Command) -> Result<R> {
        let commands = self.commands.get().ok_or_else(|| Self::unreachable("nobody runs them"))?;
        let (reply, answer) = oneshot::channel();
        commands.send(command(reply)).await.map_err(|_| Self::unreachable("the server stops"))?;
        Ok(answer.await.map_err(|_| Self::unreachable("the server stops"))?)
    }

    pub async fn admit(&self, account_id: i64) -> Result<()> {
        self.ask(|reply| Command::Admit { account_id, reply }).await?.map_err(|refusal| Error::new(codes::RATE_LIMIT, refusal).into())
    }

    pub async fn start(&self, start: Start) -> Result<Result<(), String>> {
        self.ask(|reply| Command::Start { start: Box::new(start), reply }).await
    }

    /// Gives an admission back.
    pub async fn forgo(&self, account_id: i64) {
        if let Some(commands) = self.commands.get() {
            let _ = commands.send(Command::Forgo { account_id }).await;
        }
    }

    pub async fn list(&self, account_id: i64, offset: usize, count: usize) -> Result<(Vec<Live>, usize)> {
        self.ask(|reply| Command::List { account_id, offset, count, reply }).await
    }

    pub async fn stop(&self, account_id: i64, session_id: i64) -> Result<bool> {
        self.ask(|reply| Command::Stop { account_id, session_id, reply }).await
    }

    pub async fn request(&self, account_id: i64, session_id: i64, request: ControlRequest) -> Result<ControlAnswer> {
        self.ask(|reply| Command::Request { account_id, session_id, request, reply }).await
    }
}

impl Api {
    /// Where the commands for sessions arrive. There is one receiver; later calls give none.
    pub fn session_commands(&self) -> Option<mpsc::Receiver<Command>> {
        let (sender, receiver) = mpsc::channel(COMMANDS);
        self.sessions.commands.set(sender).ok().map(|()| receiver)
    }

    /// Begins this start of the node and ends what an earlier one left alive. Says how many sessions that were.
    pub async fn begin_node(&self, now: Utc) -> Result<u64> {
        let name = self.settings.node.clone();
        let (node, closed) = self
            .db
            .write(Lock::None, move |tx| {
                let (node, last_seen) = nodes::start(tx, &name, now)?;
                let closed = nodes::close_left(tx, &node, last_seen.unwrap_or(now), CUT_OFF)?;
                Ok((node, closed))
            })
            .await?;
        let _ = self.sessions.node.set(node);
        Ok(closed)
    }

    /// Notes that this node lives. Every few seconds.
    pub async fn node_seen(&self, now: Utc) -> Result<()> {
        let node = self.node()?;
        self.db.write(Lock::None, move |tx| Ok(nodes::seen(tx, &node, now)?)).await
    }

    pub(crate) fn node(&self) -> Result<Node> {
        Ok(self.sessions.node.get().cloned().ok_or_else(|| Sessions::unreachable("the node has not begun"))?)
    }

    /// Writes the end of a session into the history. False when it had ended before.
    pub async fn session_ended(&self, session_id: i64, end: End) -> Result<bool> {
        let node = self.node()?;
        self.db.write_soon(Lock::None, move |tx| Ok(sessions::finish(tx, &node, session_id, &end)?)).await
    }

    /// The same from a thread that does not wait: `done` hears of it, perhaps on the thread of the database.
    pub fn session_ended_then(self: &Arc<Self>, runtime: &tokio::runtime::Handle, session_id: i64, end: End, done: impl FnOnce(Result<bool>) + Send + 'static) {
        let node = match self.node() {
            Ok(node) => node,
            Err(errors) => return done(Err(errors)),
        };
        let work = move |tx: &crate::store::db::Tx<'_>| Ok(sessions::finish(tx, &node, session_id, &end)?);
        if let Some((work, done)) = self.db.write_then(work, done) {
            let api = self.clone();
            runtime.spawn(async move { done(api.db.write_soon(Lock::None, work).await) });
        }
    }

    /// A call that a scenario makes, with exactly the rights that the key has now.
    pub async fn manage(self: &Arc<Self>, account: &Account, key_id: &str, method: &str, parameters: &[(String, String)], now: Utc) -> Outgoing {
        match self.caller_for_scenario(account, key_id).await {
            Ok((account, caller)) => self.handle_as(account, caller, method, Params::from_pairs(parameters.iter().cloned()), now).await,
            Err(errors) => Outgoing::refused(None, &errors),
        }
    }

    async fn caller_for_scenario(&self, account: &Account, key_id: &str) -> Result<(Account, Caller)> {
        let (account_id, key_id) = (account.id(), key_id.to_owned());
        let found = self.db.read(move |tx| {
            let Some(key) = keys::credential(tx, &key_id)?.filter(|key| key.account_id == account_id) else { return Ok(None) };
            let Some(tenant) = accounts::tenant_by_id(tx, account_id)?.filter(|tenant| tenant.active) else { return Ok(None) };
            let identity = Identity::Key { id: key_id.clone(), subuser_id: key.subuser_id };
            Ok(Some((Account::authenticated(tenant), Caller::with_roles(identity, account_id, keys::roles_of_credential(tx, &key_id)?))))
        });
        found.await?.ok_or_else(|| Error::authentication("The service account that was bound to the rule is gone.").into())
    }
}
