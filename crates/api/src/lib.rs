//! The Management API: methods, callers, roles, store and jobs.
//!
//! A request comes in as [`Incoming`], an answer goes out as [`Outgoing`]; between them stand the wire (`wire`), the
//! catalogue of methods (`registry`), authentication (`auth`), the method's own file (`methods`) and the store (`store`).
//! There is no socket and no clock here: the time of a request is a field of it.

pub mod auth;
pub mod bootstrap;
mod call;
pub mod caller;
mod cleaning;
pub mod codes;
pub mod declared;
mod dispatch;
pub mod error;
mod limiter;
pub mod methods;
pub mod password;
pub mod registry;
pub mod roles;
pub mod secrets;
pub mod settings;
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod things;
mod usage;
pub mod wire;

use std::sync::Arc;

pub use call::{Call, Done};
pub use dispatch::{Incoming, Outgoing, body_limit, too_large};
pub use settings::Settings;
use tokio::sync::Semaphore;

use error::{Error, Result};
use secrets::Secrets;
use store::db::Db;

/// Hashings and key generations at once. Each takes a processor for tens of milliseconds and up to 19 MiB.
const COMPUTATIONS: usize = 2;

/// The API over one database.
pub struct Api {
    pub settings: Settings,
    pub(crate) db: Db,
    pub(crate) secrets: Secrets,
    pub(crate) limiter: limiter::Limiter,
    pub(crate) usage: usage::Usage,
    pub(crate) verifier: auth::Verifier,
    computations: Semaphore,
}

impl Api {
    /// Takes an open database and checks that the secret key is the one it was made with.
    pub async fn open(settings: Settings, db: Db, secret_key: &[u8; 32]) -> Result<Arc<Self>> {
        let api = Self {
            settings,
            db,
            secrets: Secrets::new(secret_key),
            limiter: limiter::Limiter::default(),
            usage: usage::Usage::default(),
            verifier: auth::Verifier::default(),
            computations: Semaphore::new(COMPUTATIONS),
        };
        api.prove_secret_key().await?;
        Ok(Arc::new(api))
    }

    /// Writes what is only in memory, finishes queued writes and closes the database.
    pub async fn close(&self) -> Result<()> {
        let flushed = self.flush_usage().await;
        self.db.close().await;
        flushed
    }

    /// Runs what takes long on a processor away from the request threads, a few at a time.
    pub(crate) async fn compute<R: Send + 'static>(&self, work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
        let broken = |what: String| Error::internal(codes::INTERNAL, what);
        let _permit = self.computations.acquire().await.map_err(|error| broken(error.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|error| broken(error.to_string()))?
    }
}
