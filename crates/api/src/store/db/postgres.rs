use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod};
use tokio::{runtime::Handle, sync::OwnedMutexGuard};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::{Bind, Failure, Inner, Lock, Row, Tx, Value, panicked};
use crate::error::Result;

/// How long a call waits for a connection before it fails.
const WAIT: Duration = Duration::from_secs(10);

/// Advisory locks are pairs; this class is ours ("cord").
const LOCK_CLASS: i32 = 0x636f_7264;

/// Queues of writers, by account. Two accounts that share one only wait for each other.
const QUEUES: usize = 256;

pub struct Postgres {
    pool: Pool,
    /// Writers of one account wait here, where they hold no connection that others need.
    queues: Vec<Arc<tokio::sync::Mutex<()>>>,
}

/// A connection inside a transaction, used from a blocking thread.
pub struct Open {
    client: Object,
    runtime: Handle,
}

impl Postgres {
    pub async fn connect(url: &str, connections: usize) -> Result<Self, Failure> {
        let config: tokio_postgres::Config = url.parse().map_err(|error| Failure::Broken(format!("the database URL: {error}")))?;
        let manager = Manager::from_config(config, tokio_postgres::NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
        let pool = Pool::builder(manager)
            .max_size(connections)
            .runtime(deadpool_postgres::Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .build()
            .map_err(|error| Failure::Broken(error.to_string()))?;
        let mut client = pool.get().await.map_err(|error| Failure::Broken(described(&error)))?;
        super::migrate::postgres(&mut client).await?;
        drop(client);
        Ok(Self { pool, queues: (0..QUEUES).map(|_| Arc::default()).collect() })
    }

    pub async fn read<R: Send + 'static>(&self, work: impl FnOnce(&Tx) -> Result<R> + Send + 'static) -> Result<R> {
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", Lock::None, None, work).await
    }

    pub async fn write<R: Send + 'static>(&self, lock: Lock, work: impl FnOnce(&Tx) -> Result<R> + Send + 'static) -> Result<R> {
        let turn = match lock {
            Lock::None => None,
            Lock::Accounts => Some(self.queues[0].clone().lock_owned().await),
            Lock::Account(id) => Some(self.queues[usize::try_from(id.unsigned_abs()).unwrap_or(0) % QUEUES].clone().lock_owned().await),
        };
        self.run("BEGIN", lock, turn, work).await
    }

    pub fn close(&self) {
        self.pool.close();
    }

    /// The turn ends with the work and not with the caller, which may hang up.
    async fn run<R: Send + 'static>(
        &self,
        begin: &'static str,
        lock: Lock,
        turn: Option<OwnedMutexGuard<()>>,
        work: impl FnOnce(&Tx) -> Result<R> + Send + 'static,
    ) -> Result<R> {
        let client = self.pool.get().await.map_err(|error| Failure::Broken(described(&error)))?;
        let open = Open { client, runtime: Handle::current() };
        let run = move || {
            let result = open.transaction(begin, lock, work);
            drop(turn);
            result
        };
        tokio::task::spawn_blocking(run).await.map_err(|error| Failure::Broken(format!("a transaction's thread: {error}")))?
    }
}

impl Open {
    fn transaction<R>(self, begin: &str, lock: Lock, work: impl FnOnce(&Tx) -> Result<R>) -> Result<R> {
        self.batch(begin)?;
        let result = self
            .lock(lock)
            .map_err(Into::into)
            .and_then(|()| catch_unwind(AssertUnwindSafe(|| work(&Tx(Inner::Postgres(&self))))).unwrap_or_else(|payload| Err(panicked(&*payload))));
        let ended = self.batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" });
        if let Err(failure) = ended {
            // A connection in an unknown state goes back to nobody.
            drop(Object::take(self.client));
            return Err(failure.into());
        }
        result
    }

    fn batch(&self, sql: &str) -> Result<(), Failure> {
        self.runtime.block_on(self.client.batch_execute(sql)).map_err(|error| failure(&error))
    }

    pub fn lock(&self, lock: Lock) -> Result<(), Failure> {
        let key: i64 = match lock {
            Lock::None => return Ok(()),
            Lock::Accounts => 0,
            Lock::Account(id) => id,
        };
        // Two 32-bit halves: our class, and the id folded. Two accounts that share a lock only wait for each other.
        #[allow(clippy::cast_possible_truncation)]
        let folded = (key ^ (key >> 32)) as i32;
        let statement = self.prepared("SELECT pg_advisory_xact_lock($1, $2)")?;
        self.runtime.block_on(self.client.execute(&statement, &[&LOCK_CLASS, &folded])).map(|_| ()).map_err(|error| failure(&error))
    }

    fn prepared(&self, sql: &str) -> Result<tokio_postgres::Statement, Failure> {
        self.runtime.block_on(self.client.prepare_cached(sql)).map_err(|error| failure(&error))
    }

    pub fn prepare(&self, sql: &str) -> Result<(), Failure> {
        self.runtime.block_on(self.client.prepare(sql)).map(|_| ()).map_err(|error| failure(&error))
    }

    pub fn query(&self, sql: &str, params: &[Bind<'_>]) -> Result<Vec<Row>, Failure> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|bind| bind as &(dyn ToSql + Sync)).collect();
        let rows = self.runtime.block_on(self.client.query(&statement, &params)).map_err(|error| failure(&error))?;
        rows.iter().map(|row| (0..row.len()).map(|column| value(row, column)).collect::<Result<Vec<_>, _>>().map(|values| Row(values.into_iter()))).collect()
    }

    pub fn execute(&self, sql: &str, params: &[Bind<'_>]) -> Result<u64, Failure> {
        let statement = self.prepared(sql)?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|bind| bind as &(dyn ToSql + Sync)).collect();
        self.runtime.block_on(self.client.execute(&statement, &params)).map_err(|error| failure(&error))
    }
}

fn value(row: &tokio_postgres::Row, column: usize) -> Result<Value, Failure> {
    let kind = row.columns()[column].type_();
    let read = match *kind {
        Type::INT8 => row.try_get::<_, Option<i64>>(column).map(|value| value.map(Value::Int)),
        Type::INT4 => row.try_get::<_, Option<i32>>(column).map(|value| value.map(|number| Value::Int(number.into()))),
        Type::TEXT | Type::VARCHAR => row.try_get::<_, Option<String>>(column).map(|value| value.map(Value::Text)),
        Type::BYTEA => row.try_get::<_, Option<Vec<u8>>>(column).map(|value| value.map(Value::Bytes)),
        _ => return Err(Failure::Broken(format!("column {column} has the type {kind}, which no row here has"))),
    };
    read.map(|value| value.unwrap_or(Value::Null)).map_err(|error| failure(&error))
}

impl ToSql for Bind<'_> {
    fn to_sql(&self, kind: &Type, out: &mut tokio_postgres::types::private::BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(number) => match *kind {
                Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
                Type::INT8 => number.to_sql(kind, out),
                _ => Err(format!("a number for a parameter of type {kind}").into()),
            },
            // A text of PostgreSQL has no NUL. One of a caller or an author must not keep its row from being written.
            Self::Text(text) if <&str as ToSql>::accepts(kind) && text.contains('\0') => text.replace('\0', "\u{fffd}").to_sql(kind, out),
            Self::Text(text) if <&str as ToSql>::accepts(kind) => text.to_sql(kind, out),
            Self::Bytes(bytes) if *kind == Type::BYTEA => bytes.to_sql(kind, out),
            Self::Text(_) | Self::Bytes(_) => Err(format!("a text or bytes for a parameter of type {kind}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

pub fn failure(error: &tokio_postgres::Error) -> Failure {
    match error.as_db_error() {
        Some(db) if *db.code() == tokio_postgres::error::SqlState::UNIQUE_VIOLATION => Failure::NotUnique(db.constraint().unwrap_or_default().to_owned()),
        Some(db) => Failure::Broken(format!("{} ({})", db.message(), db.code().code())),
        None => Failure::Broken(described(error)),
    }
}

/// The error and everything it came from.
fn described(error: &dyn std::error::Error) -> String {
    std::iter::successors(Some(error), |error| error.source()).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_replaced_because_no_text_can_have_it() {
        let mut out = tokio_postgres::types::private::BytesMut::new();
        Bind::Text("a\0b").to_sql(&Type::TEXT, &mut out).unwrap();
        assert_eq!(&out[..], "a\u{fffd}b".as_bytes());
    }
}
