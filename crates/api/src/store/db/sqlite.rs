use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    thread::JoinHandle,
    time::Duration,
};

use crossbeam_queue::ArrayQueue;
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use tokio::sync::{mpsc, oneshot};

use super::{Bind, Failure, Inner, Row, Tx, Value, panicked};
use crate::{
    codes,
    error::{Error, Result},
};

/// Writes that may wait for the writer; the next one waits for a place.
const QUEUE: usize = 4_096;

/// Writes in one commit at most. DESIGN §1.
const BATCH: usize = 512;

/// How long an open batch takes in further writes at most. DESIGN §1.
const BATCH_TIME: Duration = Duration::from_millis(2);

/// How long a write that is not urgent lets others come and share its commit. DESIGN §1.
const PATIENCE: Duration = Duration::from_millis(2);

/// Idle read connections that are kept.
const KEPT_READERS: usize = 8;

/// Statements that a connection keeps prepared: all of them.
const PREPARED: usize = 512;

/// Runs inside the open batch, or not at all where there is none, and hands back what to say once the batch is committed or
/// lost.
type Job = Box<dyn FnOnce(Option<&Connection>) -> Said + Send>;
type Said = Box<dyn FnOnce(Result<(), Failure>) + Send>;

struct Waiting {
    job: Job,
    patient: bool,
}

pub struct Sqlite {
    path: PathBuf,
    readers: ArrayQueue<Connection>,
    jobs: mpsc::Sender<Waiting>,
    writer: std::sync::Mutex<Option<JoinHandle<()>>>,
    closing: std::sync::Arc<tokio::sync::Notify>,
}

impl Sqlite {
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let connection = connect(path, OpenFlags::default()).map_err(failure)?;
        super::migrate::sqlite(&connection)?;
        let (jobs, queue) = mpsc::channel(QUEUE);
        let closing = std::sync::Arc::new(tokio::sync::Notify::new());
        let runtime = tokio::runtime::Handle::try_current().map_err(|error| Failure::Broken(error.to_string()))?;
        let stop = closing.clone();
        let writer = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || write_all(&connection, queue, &runtime, &stop))
            .map_err(|error| Failure::Broken(format!("writer thread: {error}")))?;
        Ok(Self { path: path.to_owned(), readers: ArrayQueue::new(KEPT_READERS), jobs, writer: std::sync::Mutex::new(Some(writer)), closing })
    }

    pub fn read<R>(&self, work: impl FnOnce(&Tx) -> Result<R>) -> Result<R> {
        let reader = match self.readers.pop() {
            Some(reader) => reader,
            None => connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failure)?,
        };
        reader.prepare_cached("BEGIN").and_then(|mut begin| begin.execute([])).map_err(failure)?;
        let result = catch_unwind(AssertUnwindSafe(|| work(&Tx(Inner::Sqlite(&reader))))).unwrap_or_else(|payload| Err(panicked(&*payload)));
        // A connection that cannot end its transaction is dropped, not kept.
        if reader.prepare_cached("COMMIT").and_then(|mut end| end.execute([])).is_ok() {
            drop(self.readers.push(reader));
        }
        result
    }

    pub async fn write<R: Send + 'static>(&self, patient: bool, work: impl FnOnce(&Tx) -> Result<R> + Send + 'static) -> Result<R> {
        let (answer, answered) = oneshot::channel::<Result<R>>();
        // The caller may be gone; what it asked for stays done.
        let job = job(work, move |result| drop(answer.send(result)));
        self.jobs.send(Waiting { job, patient }).await.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    /// A write that is not urgent, of which `done` hears on the writer's thread; at once where there is no place for it.
    pub fn write_then<R: Send + 'static>(&self, work: impl FnOnce(&Tx) -> Result<R> + Send + 'static, done: impl FnOnce(Result<R>) + Send + 'static) {
        match self.jobs.try_reserve() {
            Ok(place) => place.send(Waiting { job: job(work, done), patient: true }),
            Err(_) => done(Err(Error::internal(codes::DATABASE, "the writer has no place").into())),
        }
    }

    pub async fn close(&self) {
        // The writer is the last to close, because the last one moves the write-ahead log into the database.
        while self.readers.pop().is_some() {}
        self.closing.notify_one();
        self.jobs.closed().await;
        let writer = self.writer.lock().ok().and_then(|mut writer| writer.take());
        if let Some(writer) = writer {
            let _ = tokio::task::spawn_blocking(move || writer.join()).await;
        }
    }
}

fn closed() -> Error {
    Error::internal(codes::DATABASE, "the writer has stopped")
}

/// Work in a savepoint of its own, and who hears of it once it is committed or lost.
fn job<R: Send + 'static>(work: impl FnOnce(&Tx) -> Result<R> + Send + 'static, done: impl FnOnce(Result<R>) + Send + 'static) -> Job {
    Box::new(move |connection| {
        let result = connection.map(|connection| in_savepoint(connection, work));
        Box::new(move |committed| {
            let lost = || Failure::Broken("the transaction was lost".to_owned()).into();
            done(committed.map_err(Into::into).and_then(|()| result.unwrap_or_else(|| Err(lost()))));
        })
    })
}

fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // Without this every new value of a parameter makes SQLite plan the statement anew.
    connection.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA case_sensitive_like = ON; PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY;")?;
    if !flags.contains(OpenFlags::SQLITE_OPEN_READ_ONLY) {
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    }
    Ok(connection)
}

/// The writer thread: as long as there are callers, batch after batch.
fn write_all(connection: &Connection, mut queue: mpsc::Receiver<Waiting>, runtime: &tokio::runtime::Handle, closing: &tokio::sync::Notify) {
    loop {
        let first = runtime.block_on(async {
            tokio::select! {
                biased;
                first = queue.recv() => first,
                () = closing.notified() => None,
            }
        });
        let Some(first) = first else { break };
        if first.patient {
            // Asleep, and not waiting for the next: to be woken for each costs as much as a small write.
            #[allow(clippy::disallowed_methods)] // Decides nothing that anybody sees.
            std::thread::sleep(PATIENCE);
        }
        batch(connection, first.job, &mut queue);
    }
    queue.close();
    while let Ok(waiting) = queue.try_recv() {
        batch(connection, waiting.job, &mut queue);
    }
}

fn batch(connection: &Connection, first: Job, queue: &mut mpsc::Receiver<Waiting>) {
    let mut said = Vec::new();
    // Without a transaction a savepoint would commit by itself, so no job may run then.
    let mut open = connection.execute_batch("BEGIN IMMEDIATE").map_err(failure);
    #[allow(clippy::disallowed_methods)] // Bounds a batch; decides nothing that anybody sees.
    let opened = std::time::Instant::now();
    let mut next = Some(first);
    while let Some(job) = next {
        said.push(job(open.is_ok().then_some(connection)));
        if open.is_ok() && connection.is_autocommit() {
            open = Err(Failure::Broken("SQLite has rolled the batch back, as it does when the disk is full".to_owned()));
        }
        // Without a transaction all that wait are told so at once, instead of each waiting for the lock in turn.
        let in_time = open.is_err() || opened.elapsed() < BATCH_TIME;
        next = if said.len() < BATCH && in_time { queue.try_recv().ok().map(|waiting| waiting.job) } else { None };
    }
    let committed = open.and_then(|()| connection.execute_batch("COMMIT").map_err(failure));
    if committed.is_err() && !connection.is_autocommit() {
        let _ = connection.execute_batch("ROLLBACK");
    }
    for say in said {
        say(committed.clone());
    }
}

fn in_savepoint<R>(connection: &Connection, work: impl FnOnce(&Tx) -> Result<R>) -> Result<R> {
    let run = |sql: &str| connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map_err(failure);
    run("SAVEPOINT job")?;
    let result = catch_unwind(AssertUnwindSafe(|| work(&Tx(Inner::Sqlite(connection))))).unwrap_or_else(|payload| Err(panicked(&*payload)));
    if result.is_err() {
        run("ROLLBACK TO job")?;
    }
    run("RELEASE job")?;
    result
}

impl rusqlite::ToSql for Bind<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(rusqlite::types::ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

pub fn query(connection: &Connection, sql: &str, params: &[Bind<'_>]) -> Result<Vec<Row>, Failure> {
    let mut statement = connection.prepare_cached(sql).map_err(failure)?;
    let columns = statement.column_count();
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(failure)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next().map_err(failure)? {
        let mut values = Vec::with_capacity(columns);
        for column in 0..columns {
            values.push(match row.get_ref(column).map_err(failure)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(number) => Value::Int(number),
                ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
                ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec()),
                ValueRef::Real(_) => return Err(Failure::Broken(format!("a floating-point column in {sql}"))),
            });
        }
        out.push(Row(values.into_iter()));
    }
    Ok(out)
}

pub fn execute(connection: &Connection, sql: &str, params: &[Bind<'_>]) -> Result<u64, Failure> {
    let mut statement = connection.prepare_cached(sql).map_err(failure)?;
    statement.execute(rusqlite::params_from_iter(params)).map(|rows| rows as u64).map_err(failure)
}

#[allow(clippy::needless_pass_by_value)]
pub fn failure(error: rusqlite::Error) -> Failure {
    match &error {
        rusqlite::Error::SqliteFailure(code, text)
            if code.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE || code.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
        {
            Failure::NotUnique(text.clone().unwrap_or_default())
        }
        _ => Failure::Broken(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_transaction_no_job_runs() {
        let connection = Connection::open_in_memory().expect("memory");
        connection.execute_batch("CREATE TABLE t (n); BEGIN").expect("a transaction of somebody else");
        let (told, hears) = std::sync::mpsc::channel();
        let job: Job = Box::new(move |connection| {
            let ran = connection.is_some();
            Box::new(move |committed| told.send((ran, committed.is_ok())).expect("a listener"))
        });
        batch(&connection, job, &mut mpsc::channel(1).1);
        assert_eq!(hears.recv(), Ok((false, false)));
    }

    #[test]
    fn a_batch_that_was_rolled_back_fails_as_a_whole() {
        let connection = Connection::open_in_memory().expect("memory");
        connection.execute_batch("CREATE TABLE t (n)").expect("a table");
        let (told, hears) = std::sync::mpsc::channel();
        let (jobs, mut queue) = mpsc::channel(4);
        let job = |sql: &'static str| -> Job {
            let told = told.clone();
            Box::new(move |connection| {
                let done = connection.is_some_and(|connection| connection.execute_batch(sql).is_ok());
                Box::new(move |committed| told.send((done, committed.is_ok())).expect("a listener"))
            })
        };
        jobs.try_send(Waiting { job: job("ROLLBACK"), patient: false }).ok();
        batch(&connection, job("INSERT INTO t VALUES (1)"), &mut queue);
        assert_eq!([hears.recv(), hears.recv()], [Ok((true, false)), Ok((true, false))]);
        let rows: i64 = connection.query_row("SELECT COUNT(*) FROM t", [], |row| row.get(0)).expect("a count");
        assert_eq!(rows, 0);
    }
}
