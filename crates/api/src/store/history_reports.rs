use cordboard_derive::sql;

use super::{
    db::{Bind, Failure, Tx},
    list,
};
use crate::{bind, caller::Account, row, things::Page, wire::Utc};

row! {
    /// A report as answers show it.
    pub struct Report {
        pub id: i64,
        pub history_type: String,
        pub format: String,
        pub filters: String,
        pub created_at: Utc,
        pub completed_at: Option<Utc>,
        pub failed: bool,
        pub calculated_data: Option<String>,
        pub file_name: Option<String>,
        pub file_size_bytes: Option<i64>,
        pub download_size_bytes: Option<i64>,
        pub download_count: i64,
        pub last_downloaded_at: Option<Utc>,
        pub store_until_at: Option<Utc>,
        pub node: String,
    }
}

/// A report as it is ordered.
#[derive(Clone, Debug)]
pub struct New {
    pub application_id: Option<i64>,
    pub history_type: &'static str,
    /// What the job reads.
    pub request: String,
    /// What the caller asked for.
    pub filters: String,
    pub created_at: Utc,
    pub node: String,
}

/// Which reports a list shows.
#[derive(Clone, Debug)]
pub struct Filter {
    pub id: Option<i64>,
    pub history_types: Vec<&'static str>,
    pub created_from: Utc,
    /// Inclusive.
    pub created_to: Utc,
    pub completed: Option<bool>,
    /// Empty: of every application and of none.
    pub application_ids: Vec<i64>,
    pub newest_first: bool,
}

macro_rules! reports {
    ($($rest:literal)*) => {
        sql!(
            "SELECT id, history_type, format, filters, created_at, completed_at, failed, calculated_data, file_name, file_size_bytes,
             download_size_bytes, download_count, last_downloaded_at, store_until_at, node FROM history_reports WHERE account_id = ?1 "
            $($rest)*
        )
    };
}

pub fn insert(account: &Account, tx: &Tx, new: &New) -> Result<i64, Failure> {
    let (id,) = tx.one(
        sql!(
            "INSERT INTO history_reports (account_id, application_id, history_type, format, request, filters, created_at, node)
             VALUES (?1, ?2, ?3, 'csv', ?4, ?5, ?6, ?7) RETURNING id"
        ),
        bind![account.id(), new.application_id, new.history_type, &new.request, &new.filters, new.created_at.0, &new.node],
    )?;
    Ok(id)
}

/// How many reports of the account are not finished.
pub fn count_open(account: &Account, tx: &Tx) -> Result<i64, Failure> {
    let (count,) = tx.one(sql!("SELECT COUNT(*) FROM history_reports WHERE account_id = ?1 AND completed_at IS NULL"), bind![account.id()])?;
    Ok(count)
}

pub fn find(account: &Account, tx: &Tx, id: i64) -> Result<Option<Report>, Failure> {
    tx.optional(reports!("AND id = ?2"), bind![account.id(), id])
}

/// One page and how many match in all.
pub fn page(account: &Account, tx: &Tx, filter: &Filter, page: Page) -> Result<(Vec<Report>, i64), Failure> {
    macro_rules! matching {
        ($query:ident, $head:literal, $order:literal) => {
            $query!(
                $head
                "AND (id = ?2 OR ?2 IS NULL) AND history_type IN TEXTS(?3) AND created_at >= ?4 AND created_at <= ?5
                 AND (CAST(?6 AS BIGINT) IS NULL OR CASE WHEN completed_at IS NOT NULL AND failed = 0 THEN 1 ELSE 0 END = ?6)
                 AND (CAST(?7 AS TEXT) = '[]' OR application_id IN IDS(?7)) "
                $order
            )
        };
    }
    let (types, applications) = (list(&filter.history_types), list(&filter.application_ids));
    let mut params: Vec<Bind> = vec![
        account.id().into(),
        filter.id.into(),
        (&types).into(),
        filter.created_from.0.into(),
        filter.created_to.0.into(),
        filter.completed.into(),
        (&applications).into(),
    ];
    let (total,) = tx.one(matching!(sql, "SELECT COUNT(*) FROM history_reports WHERE account_id = ?1 ", ""), &params)?;
    params.extend([Bind::from(page.count), page.offset.into()]);
    let sql = if filter.newest_first {
        matching!(reports, "", "ORDER BY created_at DESC, id DESC LIMIT ?8 OFFSET ?9")
    } else {
        matching!(reports, "", "ORDER BY created_at, id LIMIT ?8 OFFSET ?9")
    };
    Ok((tx.all(sql, &params)?, total))
}

pub fn downloaded(account: &Account, tx: &Tx, id: i64, now: Utc) -> Result<(), Failure> {
    tx.execute(
        sql!("UPDATE history_reports SET download_count = download_count + 1, last_downloaded_at = ?3 WHERE account_id = ?1 AND id = ?2"),
        bind![account.id(), id, now.0],
    )?;
    Ok(())
}

row! {
    /// A report that waits to be built.
    pub struct Open {
        pub id: i64,
        pub account_id: i64,
        pub history_type: String,
        pub request: String,
    }
}

/// For the job of a node: the first open report of the next account behind one, so that no account waits for all of another's.
pub fn next_open(tx: &Tx, node: &str, behind_account: i64) -> Result<Option<Open>, Failure> {
    macro_rules! open {
        ($condition:literal) => {
            sql!("SELECT id, account_id, history_type, request FROM history_reports WHERE node = ?1 AND completed_at IS NULL AND " $condition " ORDER BY account_id, id LIMIT 1")
        };
    }
    match tx.optional(open!("account_id > ?2"), bind![node, behind_account])? {
        Some(next) => Ok(Some(next)),
        None => tx.optional(open!("account_id <= ?2"), bind![node, behind_account]),
    }
}

/// What a built report is.
#[derive(Clone, Debug)]
pub struct Built {
    pub calculated_data: String,
    pub file_name: String,
    pub size_bytes: i64,
    pub completed_at: Utc,
    pub store_until_at: Utc,
}

/// Marks a report as finished; false when it was deleted meanwhile.
pub fn completed(tx: &Tx, id: i64, built: &Built) -> Result<bool, Failure> {
    let rows = tx.execute(
        sql!(
            "UPDATE history_reports SET completed_at = ?2, calculated_data = ?3, file_name = ?4, file_size_bytes = ?5, download_size_bytes = ?5,
             store_until_at = ?6 WHERE id = ?1"
        ),
        bind![id, built.completed_at.0, &built.calculated_data, &built.file_name, built.size_bytes, built.store_until_at.0],
    )?;
    Ok(rows > 0)
}

/// Marks a report as failed.
pub fn failed(tx: &Tx, id: i64, now: Utc, store_until: Utc) -> Result<(), Failure> {
    tx.execute(sql!("UPDATE history_reports SET completed_at = ?2, failed = 1, store_until_at = ?3 WHERE id = ?1"), bind![id, now.0, store_until.0])?;
    Ok(())
}

/// Reports of a node that were kept long enough, some at a time.
pub fn expired(tx: &Tx, node: &str, now: Utc, at_most: i64) -> Result<Vec<i64>, Failure> {
    let rows: Vec<(i64,)> =
        tx.all(sql!("SELECT id FROM history_reports WHERE store_until_at < ?2 AND node = ?1 ORDER BY store_until_at LIMIT ?3"), bind![node, now.0, at_most])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// For the cleaning: deletes reports.
pub fn delete(tx: &Tx, ids: &[i64]) -> Result<(), Failure> {
    tx.execute(sql!("DELETE FROM history_reports WHERE id IN IDS(?1)"), bind![&list(ids)])?;
    Ok(())
}
