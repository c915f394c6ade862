use cordboard_derive::sql;
use serde::{Deserialize, Serialize};

use super::{
    db::{Bind, Failure, Tx},
    list,
};
use crate::{bind, caller::Account, row, things::Page, wire::Utc};

/// A line on its way into the log.
#[derive(Clone, Debug)]
pub struct Line {
    pub requested_at: Utc,
    pub ip: String,
    pub key_id: Option<String>,
    pub subuser_id: Option<i64>,
    pub subuser_name: Option<String>,
    pub cmd_name: &'static str,
    /// A JSON object without secrets.
    pub cmd_args: String,
    pub cmd_result: Option<String>,
}

pub fn insert(account: &Account, tx: &Tx, line: &Line) -> Result<(), Failure> {
    tx.execute(
        sql!(
            "INSERT INTO audit_log (account_id, requested_at, ip, key_id, subuser_id, subuser_name, cmd_name, cmd_args, cmd_result)
             VALUES (?1, ?2, ?3, ?4, ?5, COALESCE(?6, (SELECT name FROM subusers WHERE id = ?5 AND account_id = ?1)), ?7, ?8, ?9)"
        ),
        bind![account.id(), line.requested_at.0, &line.ip, &line.key_id, line.subuser_id, &line.subuser_name, line.cmd_name, &line.cmd_args, &line.cmd_result],
    )?;
    Ok(())
}

row! {
    pub struct Entry {
        pub id: i64,
        pub subuser_id: Option<i64>,
        pub subuser_name: Option<String>,
        pub requested_at: Utc,
        pub ip: String,
        pub cmd_name: String,
        pub cmd_args: String,
        pub cmd_result: Option<String>,
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Filter {
    /// Milliseconds since 1970.
    pub from: i64,
    /// Inclusive, milliseconds since 1970.
    pub to: i64,
    pub ids: Vec<i64>,
    pub ips: Vec<String>,
    pub commands: Vec<String>,
    /// Numbers and texts, one of which an argument or a result must hold.
    pub mentions: Option<String>,
    pub newest_first: bool,
}

/// One page, and how many match in all when that is asked.
pub fn page(account: &Account, tx: &Tx, filter: &Filter, page: Page, with_total: bool) -> Result<(Vec<Entry>, Option<i64>), Failure> {
    macro_rules! matching {
        ($columns:literal, $rest:literal) => {
            sql!(
                "SELECT " $columns " FROM audit_log WHERE account_id = ?1 AND requested_at >= ?2 AND requested_at <= ?3
                 AND (CAST(?4 AS TEXT) = '[]' OR id IN IDS(?4)) AND (CAST(?5 AS TEXT) = '[]' OR ip IN TEXTS(?5))
                 AND (CAST(?6 AS TEXT) = '[]' OR cmd_name IN TEXTS(?6))
                 AND (cmd_args LIKE ?7 ESCAPE '\\' OR cmd_result LIKE ?7 ESCAPE '\\' OR ?7 IS NULL) " $rest
            )
        };
    }
    macro_rules! rows {
        ($order:literal) => {
            matching!("id, subuser_id, subuser_name, requested_at, ip, cmd_name, cmd_args, cmd_result", $order)
        };
    }
    let (ids, ips, commands) = (list(&filter.ids), list(&filter.ips), list(&filter.commands));
    let mentions = filter.mentions.as_deref().map(super::mentioning);
    let mut params: Vec<Bind> = vec![account.id().into(), filter.from.into(), filter.to.into(), (&ids).into(), (&ips).into(), (&commands).into(), (&mentions).into()];
    let total = if with_total { Some(tx.one::<(i64,)>(matching!("COUNT(*)", ""), &params)?.0) } else { None };
    params.extend([Bind::from(page.count), page.offset.into()]);
    let sql = if filter.newest_first { rows!("ORDER BY requested_at DESC, id DESC LIMIT ?8 OFFSET ?9") } else { rows!("ORDER BY requested_at, id LIMIT ?8 OFFSET ?9") };
    Ok((tx.all(sql, &params)?, total))
}

/// The lines behind one, in order: at most `count`, after `offset` more. For reports, which are read part by part.
pub fn behind(account: &Account, tx: &Tx, filter: &Filter, after: Option<(i64, i64)>, count: i64, offset: i64) -> Result<Vec<Entry>, Failure> {
    macro_rules! behind {
        ($comparison:literal, $order:literal) => {
            sql!(
                "SELECT id, subuser_id, subuser_name, requested_at, ip, cmd_name, cmd_args, cmd_result FROM audit_log
                 WHERE account_id = ?1 AND requested_at >= ?2 AND requested_at <= ?3 AND (requested_at, id) " $comparison " (?8, ?9)
                 AND (CAST(?4 AS TEXT) = '[]' OR id IN IDS(?4)) AND (CAST(?5 AS TEXT) = '[]' OR ip IN TEXTS(?5))
                 AND (CAST(?6 AS TEXT) = '[]' OR cmd_name IN TEXTS(?6))
                 AND (cmd_args LIKE ?7 ESCAPE '\\' OR cmd_result LIKE ?7 ESCAPE '\\' OR ?7 IS NULL) " $order " LIMIT ?10 OFFSET ?11"
            )
        };
    }
    let (ids, ips, commands) = (list(&filter.ids), list(&filter.ips), list(&filter.commands));
    let mentions = filter.mentions.as_deref().map(super::mentioning);
    let (sql, first) = if filter.newest_first {
        (behind!("<", "ORDER BY requested_at DESC, id DESC"), (i64::MAX, i64::MAX))
    } else {
        (behind!(">", "ORDER BY requested_at, id"), (i64::MIN, 0))
    };
    let (at, id) = after.unwrap_or(first);
    tx.all(sql, bind![account.id(), filter.from, filter.to, &ids, &ips, &commands, &mentions, at, id, count, offset])
}

/// Forgets lines older than a moment, some at a time. For the hourly cleaning.
pub fn forget(tx: &Tx, before: Utc, at_most: i64) -> Result<u64, Failure> {
    tx.execute(sql!("DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE requested_at < ?1 ORDER BY id LIMIT ?2)"), bind![before.0, at_most])
}
