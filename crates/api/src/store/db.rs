//! The two databases behind one face; nothing else knows that there are two.
//!
//! A read is a closure over a snapshot-consistent `Tx`, a write is one closure over a transaction. On SQLite reads run in
//! place on a pooled connection and writes go to one writer thread, which runs what is queued, each in a savepoint, and
//! answers after the durable commit. On PostgreSQL both run on a blocking thread; a write first takes the account's
//! advisory lock, so that limits and uniqueness cannot race.

mod migrate;
mod postgres;
mod sqlite;
mod value;

use std::path::Path;

pub use value::{Bind, FromRow, FromValue, Row, Value};

use crate::{
    codes,
    error::{Error, Errors, Result},
};

/// One statement in both spellings. Made by `sql!` alone.
#[derive(Debug)]
pub struct Sql {
    pub sqlite: &'static str,
    pub postgres: &'static str,
    /// File and line.
    pub at: &'static str,
}

/// Every statement of the crate.
#[linkme::distributed_slice]
pub static STATEMENTS: [Sql];

/// What went wrong in the database.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// A row with this unique value exists.
    #[error("not unique: {0}")]
    NotUnique(String),
    #[error("{0}")]
    Broken(String),
}

impl From<Failure> for Errors {
    fn from(failure: Failure) -> Self {
        Error::internal(codes::DATABASE, failure.to_string()).into()
    }
}

/// What a write excludes on PostgreSQL; SQLite has one writer and excludes everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lock {
    /// Other writes of this account.
    Account(i64),
    /// Every write that makes or renames accounts.
    Accounts,
    /// Nothing: rows that nobody counts.
    None,
}

pub struct Db(Kind);

enum Kind {
    Sqlite(Box<sqlite::Sqlite>),
    Postgres(postgres::Postgres),
}

/// An open transaction or snapshot.
pub struct Tx<'a>(Inner<'a>);

enum Inner<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a postgres::Open),
}

impl Db {
    /// Opens or makes the SQLite file and brings it to the present shape.
    pub async fn sqlite(path: &Path) -> Result<Self, Failure> {
        sqlite::Sqlite::open(path).map(|sqlite| Self(Kind::Sqlite(Box::new(sqlite))))
    }

    /// Connects to `postgres://…` and brings the database to the present shape. `connections` bounds the pool.
    pub async fn postgres(url: &str, connections: usize) -> Result<Self, Failure> {
        postgres::Postgres::connect(url, connections).await.map(|postgres| Self(Kind::Postgres(postgres)))
    }

    /// Runs reads that see one state of the database.
    pub async fn read<R: Send + 'static>(&self, work: impl FnOnce(&Tx) -> Result<R> + Send + 'static) -> Result<R> {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.read(work),
            Kind::Postgres(postgres) => postgres.read(work).await,
        }
    }

    /// Runs a write and answers after its durable commit. An error of the closure undoes all it did.
    pub async fn write<R: Send + 'static>(&self, lock: Lock, work: impl FnOnce(&Tx) -> Result<R> + Send + 'static) -> Result<R> {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.write(false, work).await,
            Kind::Postgres(postgres) => postgres.write(lock, work).await,
        }
    }

    /// The same for a write that is not urgent: it comes 2 ms later and shares the commit of what was written meanwhile.
    pub async fn write_soon<R: Send + 'static>(&self, lock: Lock, work: impl FnOnce(&Tx) -> Result<R> + Send + 'static) -> Result<R> {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.write(true, work).await,
            Kind::Postgres(postgres) => postgres.write(lock, work).await,
        }
    }

    /// The same without a task, where the database has a thread that writes; `done` hears of it there. Elsewhere both are given back.
    pub fn write_then<R, W, D>(&self, work: W, done: D) -> Option<(W, D)>
    where
        R: Send + 'static,
        W: FnOnce(&Tx) -> Result<R> + Send + 'static,
        D: FnOnce(Result<R>) + Send + 'static,
    {
        match &self.0 {
            Kind::Sqlite(sqlite) => {
                sqlite.write_then(work, done);
                None
            }
            Kind::Postgres(_) => Some((work, done)),
        }
    }

    /// Finishes what is queued and closes the files. Later calls fail.
    pub async fn close(&self) {
        match &self.0 {
            Kind::Sqlite(sqlite) => sqlite.close().await,
            Kind::Postgres(postgres) => postgres.close(),
        }
    }
}

impl Tx<'_> {
    /// Every row of a query.
    pub fn all<R: FromRow>(&self, sql: &Sql, params: &[Bind<'_>]) -> Result<Vec<R>, Failure> {
        match &self.0 {
            Inner::Sqlite(connection) => sqlite::query(connection, sql.sqlite, params),
            Inner::Postgres(open) => open.query(sql.postgres, params),
        }?
        .into_iter()
        .map(|mut row| R::from_row(&mut row).ok_or_else(|| Failure::Broken(format!("a row of {} has another shape", sql.at))))
        .collect()
    }

    /// The first row, if there is one.
    pub fn optional<R: FromRow>(&self, sql: &Sql, params: &[Bind<'_>]) -> Result<Option<R>, Failure> {
        Ok(self.all(sql, params)?.into_iter().next())
    }

    /// The one row that must be there.
    pub fn one<R: FromRow>(&self, sql: &Sql, params: &[Bind<'_>]) -> Result<R, Failure> {
        self.optional(sql, params)?.ok_or_else(|| Failure::Broken(format!("{} found no row", sql.at)))
    }

    /// Changes rows and says how many.
    pub fn execute(&self, sql: &Sql, params: &[Bind<'_>]) -> Result<u64, Failure> {
        match &self.0 {
            Inner::Sqlite(connection) => sqlite::execute(connection, sql.sqlite, params),
            Inner::Postgres(open) => open.execute(sql.postgres, params),
        }
    }

    /// Checks that the database understands a statement.
    pub fn prepare(&self, sql: &Sql) -> Result<(), Failure> {
        match &self.0 {
            Inner::Sqlite(connection) => connection.prepare(sql.sqlite).map(|_| ()).map_err(sqlite::failure),
            Inner::Postgres(open) => open.prepare(sql.postgres),
        }
    }

    /// Excludes other writes that make or rename accounts, inside a write of one account.
    pub fn lock(&self, lock: Lock) -> Result<(), Failure> {
        match &self.0 {
            Inner::Sqlite(_) => Ok(()),
            Inner::Postgres(open) => open.lock(lock),
        }
    }
}

/// What the unwinding of a closure said.
fn panicked(payload: &(dyn std::any::Any + Send)) -> Errors {
    let said = payload.downcast_ref::<&str>().map(|text| (*text).to_owned()).or_else(|| payload.downcast_ref::<String>().cloned());
    Error::internal(codes::INTERNAL, format!("a transaction panicked: {}", said.unwrap_or_default())).into()
}
