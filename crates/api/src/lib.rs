//! The Management API: methods, callers, roles, store and jobs.
//!
//! A request comes in as [`Incoming`], an answer goes out as [`Outgoing`]; between them stand the wire (`wire`), the
//! catalogue of methods (`registry`), authentication (`auth`), the method's own file (`methods`) and the store (`store`).
//! There is no socket and no clock here: the time of a request is a field of it.

pub mod auth;
pub mod bootstrap;
mod call;
pub mod caller;
pub mod calls;
mod cleaning;
pub mod codes;
pub mod declared;
mod demo;
mod dispatch;
pub mod error;
mod jobs;
mod limiter;
pub mod links;
pub mod listing;
pub mod live;
mod logs;
pub mod methods;
pub mod openapi;
pub mod password;
pub mod recordings;
pub mod registry;
pub mod roles;
pub mod scenario;
pub mod secrets;
pub mod settings;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod things;
mod totp;
mod usage;
pub mod wire;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

pub use auth::PANEL_SESSION_SECONDS;
pub use call::{Call, Done};
pub use dispatch::{Incoming, Outgoing, body_limit, too_large};
pub use logs::Logs;
pub use settings::Settings;
use tokio::sync::Semaphore;

use error::{Error, Result};
use secrets::Secrets;
use store::db::Db;

/// Password hashings and the like at once. Each takes a processor for tens of milliseconds and 19 MiB.
const COMPUTATIONS: usize = 2;

/// Key generations at once, beside the hashings, so that new keys do not hold up logins.
const GENERATIONS: usize = 1;

/// Lists of patterns that are matched at once, beside the hashings.
const COMPARISONS: usize = 1;

/// Computations of one account that run or wait; the next one is refused.
const COMPUTATIONS_PER_ACCOUNT: usize = 8;

/// Requests to sessions of one account that wait for an answer. Each waits up to 90 s and keeps its body, 1 MiB, that long.
const REQUESTS_PER_ACCOUNT: usize = 16;

/// The API over one database.
pub struct Api {
    pub settings: Settings,
    pub(crate) db: Db,
    pub(crate) secrets: Secrets,
    pub(crate) limiter: Arc<limiter::Limiter>,
    pub(crate) usage: usage::Usage,
    pub(crate) verifier: auth::Verifier,
    pub(crate) sessions: live::Sessions,
    computations: Arc<Semaphore>,
    generations: Arc<Semaphore>,
    comparisons: Arc<Semaphore>,
    computing: Places,
    pub(crate) requests: Places,
    pub(crate) refusals: calls::Refusals,
    pub(crate) logs: Arc<Logs>,
    pub(crate) revocations: calls::Revocations,
    pub(crate) reports_ordered: tokio::sync::Notify,
    /// Held while reports are built: the account that had its turn last.
    pub(crate) report_turn: tokio::sync::Mutex<i64>,
}

impl Api {
    /// Takes an open database and checks that the secret key is the one it was made with.
    pub async fn open(settings: Settings, db: Db, secret_key: &[u8; 32]) -> Result<Arc<Self>> {
        let api = Self {
            logs: Arc::new(Logs::new(settings.files.join("logs"))),
            settings,
            db,
            secrets: Secrets::new(secret_key),
            limiter: Arc::new(limiter::Limiter::default()),
            usage: usage::Usage::default(),
            verifier: auth::Verifier::default(),
            sessions: live::Sessions::default(),
            computations: Arc::new(Semaphore::new(COMPUTATIONS)),
            generations: Arc::new(Semaphore::new(GENERATIONS)),
            comparisons: Arc::new(Semaphore::new(COMPARISONS)),
            computing: Places::new(COMPUTATIONS_PER_ACCOUNT),
            requests: Places::new(REQUESTS_PER_ACCOUNT),
            refusals: calls::Refusals::default(),
            revocations: calls::Revocations::default(),
            reports_ordered: tokio::sync::Notify::new(),
            report_turn: tokio::sync::Mutex::new(0),
        };
        api.prove_secret_key().await?;
        Ok(Arc::new(api))
    }

    /// Writes what is only in memory, finishes queued writes and closes the database.
    pub async fn close(&self) -> Result<()> {
        let flushed = self.flush_usage().await;
        let written = self.write_refused_calls().await;
        self.db.close().await;
        flushed.and(written)
    }

    /// Runs what takes long on a processor, such as hashing a password, away from the request threads, a few at a time.
    pub(crate) async fn compute<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        apart(&self.computations, work).await
    }

    /// Generates a key away from the request threads.
    pub(crate) async fn generate<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        apart(&self.generations, work).await
    }

    /// Matches patterns away from the request threads.
    pub(crate) async fn compare<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        apart(&self.comparisons, work).await
    }

    /// A place among the account's computations, or a refusal.
    pub(crate) fn place(&self, account_id: i64) -> Result<Place<'_>> {
        let refusal = || Error::new(codes::RATE_LIMIT, "Too many passwords or keys of this account are being made at once; try again in a moment.");
        self.computing.take(account_id).ok_or_else(|| refusal().into())
    }
}

/// The permit goes with the work and not with the caller: a caller that hangs up frees nothing before the work is done.
async fn apart<R: Send + 'static>(places: &Arc<Semaphore>, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
    let broken = |what: String| Error::internal(codes::INTERNAL, what);
    let permit = places.clone().acquire_owned().await.map_err(|error| broken(error.to_string()))?;
    let run = move || {
        let result = work();
        drop(permit);
        result
    };
    tokio::task::spawn_blocking(run).await.map_err(|error| broken(error.to_string()))?
}

/// How many things of a kind every account may do at once.
pub(crate) struct Places {
    most: usize,
    taken: Mutex<BTreeMap<i64, usize>>,
}

impl Places {
    fn new(most: usize) -> Self {
        Self { most, taken: Mutex::new(BTreeMap::new()) }
    }

    /// A place among the account's, or nothing when all are taken.
    pub(crate) fn take(&self, account_id: i64) -> Option<Place<'_>> {
        if let Ok(mut taken) = self.taken.lock() {
            let running = taken.entry(account_id).or_insert(0);
            if *running >= self.most {
                return None;
            }
            *running += 1;
        }
        Some(Place { places: self, account_id })
    }
}

/// One thing that an account does; its place is free again when this goes.
pub(crate) struct Place<'a> {
    places: &'a Places,
    account_id: i64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Ok(mut taken) = self.places.taken.lock() else { return };
        if let Some(running) = taken.get_mut(&self.account_id) {
            *running -= 1;
            if *running == 0 {
                taken.remove(&self.account_id);
            }
        }
    }
}
