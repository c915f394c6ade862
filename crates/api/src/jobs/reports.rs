//! Reports that were ordered, built one after the other: part by part into a file that is complete when it has its name.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    panic::AssertUnwindSafe,
    path::{Path, PathBuf},
};

use futures_util::FutureExt;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::{
    Api,
    caller::Account,
    cleaning::DAY_MS,
    codes,
    error::{Error, Errors, Result},
    methods::history::{
        get_audit_log,
        order::Order,
        select::Stored,
        view::{self, Loaded, View, With},
    },
    store::{
        accounts, audit_log,
        db::Lock,
        history_reports::{self, Built, Open},
        sessions::history::{self, Part},
    },
    wire::{
        Utc, Zone,
        csv::{Record, Writer},
    },
};

/// Rows of one part. Nothing is held between two parts but where the next one begins.
const PART: i64 = 1_000;

/// Reports that one cleaning transaction forgets at most.
const AT_ONCE: i64 = 500;

fn broken(what: impl std::fmt::Display) -> Errors {
    Error::internal(codes::INTERNAL, what.to_string()).into()
}

/// Runs what waits for the disk away from the request threads.
async fn apart<R: Send + 'static>(work: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
    tokio::task::spawn_blocking(work).await.map_err(broken)?
}

/// A file in the making. What is left of it after a crash is begun anew.
struct Making {
    part_path: PathBuf,
    path: PathBuf,
    writer: Writer<File>,
}

impl Making {
    fn begin(path: PathBuf) -> Result<Self> {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        let part_path = path.with_extension("csv.part");
        let folder = path.parent().unwrap_or(Path::new("."));
        let described = |error: std::io::Error| broken(format!("{}: {error}", part_path.display()));
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(described)?;
        // The mode holds for new files alone.
        remove(&part_path)?;
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part_path).map_err(described)?;
        Ok(Self { part_path, path, writer: Writer::new(file) })
    }

    /// Syncs the file, gives it its name and says how large it is, in bytes.
    fn end(self) -> Result<i64> {
        let described = |error: std::io::Error| broken(format!("{}: {error}", self.path.display()));
        let mut file = self.writer.finish()?;
        file.flush().and_then(|()| file.sync_all()).map_err(described)?;
        let size = file.metadata().map_err(described)?.len();
        fs::rename(&self.part_path, &self.path).map_err(described)?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(described)?;
        i64::try_from(size).map_err(broken)
    }
}

/// Removes a file that may be gone already.
fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(broken(format!("{}: {error}", path.display()))),
        _ => Ok(()),
    }
}

impl Api {
    /// The file of a finished report.
    pub(crate) fn report_path(&self, id: i64) -> PathBuf {
        self.settings.files.join("reports").join(format!("{id}.csv"))
    }

    /// Waits until a report is ordered.
    pub async fn report_ordered(&self) {
        self.reports_ordered.notified().await;
    }

    /// Builds every report that was ordered on this node and is not finished. What is broken off is built by the next call.
    pub async fn build_reports(&self, now: impl Fn() -> Utc + Send + Sync) -> Result<()> {
        let mut turn = self.report_turn.lock().await;
        loop {
            let (node, behind) = (self.settings.node.clone(), *turn);
            let Some(open) = self.db.read(move |tx| Ok(history_reports::next_open(tx, &node, behind)?)).await? else { return Ok(()) };
            *turn = open.account_id;
            let built = AssertUnwindSafe(self.build(&open)).catch_unwind().await.unwrap_or_else(|_| Err(broken("the building of a report panicked")));
            self.end(&open, built, now()).await?;
        }
    }

    async fn end(&self, open: &Open, built: Result<(String, i64)>, now: Utc) -> Result<()> {
        let (id, until) = (open.id, Utc(now.0.saturating_add(self.settings.report_days.saturating_mul(DAY_MS))));
        match built {
            Ok((calculated_data, size_bytes)) => {
                let file_name = format!("{}_{id}.csv", open.history_type);
                let built = Built { calculated_data, file_name, size_bytes, completed_at: now, store_until_at: until };
                let kept = self.db.write(Lock::None, move |tx| Ok(history_reports::completed(tx, id, &built)?)).await?;
                if kept { Ok(()) } else { remove(&self.report_path(id)) }
            }
            Err(errors) => {
                let inside: Vec<String> = errors.0.iter().map(|error| error.inside.clone().unwrap_or_else(|| error.msg.clone())).collect();
                tracing::error!(report = id, inside = inside.join(" "), "a history report could not be built");
                if let Err(left) = remove(&self.report_path(id).with_extension("csv.part")) {
                    tracing::warn!(report = id, left = ?left, "a part of the failed report stays");
                }
                self.db.write(Lock::None, move |tx| Ok(history_reports::failed(tx, id, now, until)?)).await
            }
        }
    }

    /// Builds one report's file; says what GetHistoryReports tells about its content, and its size in bytes.
    async fn build(&self, open: &Open) -> Result<(String, i64)> {
        let order: Order = serde_json::from_str(&open.request).map_err(|error| broken(format!("the order of a report: {error}")))?;
        let account_id = open.account_id;
        let tenant = self.db.read(move |tx| Ok(accounts::tenant_by_id(tx, account_id)?)).await?.ok_or_else(|| broken("the account of a report is gone"))?;
        let (account, path) = (Account::authenticated(tenant), self.report_path(open.id));
        let making = apart(move || Making::begin(path)).await?;
        match order {
            Order::Calls { selection, timezone, with, with_header, count, offset } => {
                let limits = Limits { count, offset: offset.unwrap_or(0) };
                self.sessions(account, making, selection, &timezone, Columns { with, brief: false, with_header }, limits).await
            }
            Order::CallsBrief { selection, timezone, with_header } => {
                let columns = Columns { with: With::default(), brief: true, with_header };
                self.sessions(account, making, selection, &timezone, columns, Limits { count: None, offset: 0 }).await
            }
            Order::Audit { filter, nothing, timezone, with_header, count, offset } => {
                let limits = Limits { count: if nothing { Some(0) } else { count }, offset: offset.unwrap_or(0) };
                self.audit(account, making, filter, &timezone, with_header, limits).await
            }
        }
    }

    async fn sessions(&self, account: Account, making: Making, selection: Stored, timezone: &str, columns: Columns, limits: Limits) -> Result<(String, i64)> {
        let view = View::new(self, zone(timezone), columns.with);
        let mut making = columns.begin(making).await?;
        let (mut part, mut written, mut offset) = (selection.part(), 0, limits.offset);
        loop {
            let wanted = limits.left(written);
            let (account, selection, from) = (account.clone(), selection.clone(), part.clone());
            let (scopes, keys, loaded) = self
                .db
                .read(move |tx| {
                    let scopes = selection.scopes(&account, tx)?;
                    let keys = history::page(&scopes, tx, &from, wanted, offset)?;
                    let loaded = Loaded::read(&scopes, tx, &from, &keys, columns.with)?;
                    Ok((scopes, keys, loaded))
                })
                .await?;
            let Some((last, _)) = keys.last().copied() else { break };
            let rows = i64::try_from(keys.len()).map_err(broken)?;
            (written, offset, part) = (written + rows, 0, part.after(last));
            let view = view.clone();
            making = apart(move || {
                let mut making = making;
                for session in view.sessions(&scopes, loaded) {
                    making.writer.write(&if columns.brief { session.brief_record() } else { session.record()? })?;
                }
                Ok(making)
            })
            .await?;
            if rows < wanted || limits.left(written) == 0 {
                break;
            }
        }
        let total = if limits.cut_nothing() { written } else { self.count(account, selection).await? };
        let calculated = json!({"session_count": written, "total_session_count": total, "timezone": timezone});
        Ok((calculated.to_string(), apart(move || making.end()).await?))
    }

    async fn count(&self, account: Account, selection: Stored) -> Result<i64> {
        self.db
            .read(move |tx| {
                let (scopes, part): (_, Part) = (selection.scopes(&account, tx)?, selection.part());
                Ok(history::count(&scopes, tx, &part)?)
            })
            .await
    }

    async fn audit(&self, account: Account, mut making: Making, filter: audit_log::Filter, timezone: &str, with_header: bool, limits: Limits) -> Result<(String, i64)> {
        let zone = zone(timezone);
        if with_header {
            making = put(making, get_audit_log::header()).await?;
        }
        let (mut after, mut written, mut offset) = (None, 0, limits.offset);
        while limits.left(written) > 0 {
            let wanted = limits.left(written);
            let (account, filter) = (account.clone(), filter.clone());
            let lines = self.db.read(move |tx| Ok(audit_log::behind(&account, tx, &filter, after, wanted, offset)?)).await?;
            let Some(last) = lines.last() else { break };
            let rows = i64::try_from(lines.len()).map_err(broken)?;
            (after, written, offset) = (Some((last.requested_at.0, last.id)), written + rows, 0);
            let zone = zone.clone();
            making = apart(move || {
                let mut making = making;
                for line in &lines {
                    making.writer.write(&get_audit_log::record(line, &zone))?;
                }
                Ok(making)
            })
            .await?;
            if rows < wanted {
                break;
            }
        }
        Ok((json!({"line_count": written, "timezone": timezone}).to_string(), apart(move || making.end()).await?))
    }

    /// Forgets reports that were kept long enough: the file, then the row, so that no file is left without one.
    pub(crate) async fn forget_reports(&self, now: Utc) -> Result<()> {
        loop {
            let node = self.settings.node.clone();
            let ids = self.db.read(move |tx| Ok(history_reports::expired(tx, &node, now, AT_ONCE)?)).await?;
            let paths: Vec<PathBuf> = ids.iter().map(|id| self.report_path(*id)).collect();
            apart(move || paths.iter().try_for_each(|path| remove(path))).await?;
            let last = i64::try_from(ids.len()).is_ok_and(|found| found < AT_ONCE);
            self.db.write(Lock::None, move |tx| Ok(history_reports::delete(tx, &ids)?)).await?;
            if last {
                return Ok(());
            }
        }
    }
}

async fn put(making: Making, record: Record) -> Result<Making> {
    apart(move || {
        let mut making = making;
        making.writer.write(&record)?;
        Ok(making)
    })
    .await
}

fn zone(name: &str) -> TimeZone {
    Zone::Named(name.to_owned()).resolve(name).1
}

/// Which columns a report of sessions has.
#[derive(Clone, Copy)]
struct Columns {
    with: With,
    brief: bool,
    with_header: bool,
}

impl Columns {
    async fn begin(self, making: Making) -> Result<Making> {
        match (self.with_header, self.brief) {
            (false, _) => Ok(making),
            (true, true) => put(making, view::brief_header()).await,
            (true, false) => put(making, view::header(self.with)).await,
        }
    }
}

/// Which rows of all a report has.
#[derive(Clone, Copy)]
struct Limits {
    count: Option<i64>,
    offset: i64,
}

impl Limits {
    /// Rows of the next part.
    fn left(self, written: i64) -> i64 {
        self.count.map_or(PART, |count| (count - written).clamp(0, PART))
    }

    fn cut_nothing(self) -> bool {
        self.count.is_none() && self.offset == 0
    }
}
