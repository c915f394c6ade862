//! One seek in an index of the history: ended sessions of one account that have one thing in common, in the order of the answer.

use cordboard_derive::sql;
use serde::{Deserialize, Serialize};

use super::custom_data_key;
use crate::{
    caller::Account,
    store::{
        db::{Bind, Failure, Sql, Tx},
        list,
    },
};

/// The place of a session in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Milliseconds since 1970.
    pub started_at: i64,
    pub id: i64,
}

/// A part of the history and the direction through it.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Where it begins, exclusive.
    pub after: Key,
    /// Where it ends, inclusive: milliseconds since 1970.
    pub until: i64,
    pub newest_first: bool,
}

impl Span {
    /// Whether it begins with a time and not behind a session.
    fn is_whole(self) -> bool {
        self.after.id == if self.newest_first { i64::MAX } else { 0 }
    }

    fn without_id(self) -> Self {
        Self { after: Key { id: 0, ..self.after }, ..self }
    }
}

/// What a seek's sessions must fulfil beside what it seeks by. Conditions join with AND, items of a list with OR.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    pub rule_name: Option<String>,
    pub user_ids: Vec<i64>,
    pub custom_data: Option<String>,
    pub min_duration: Option<i64>,
    pub max_duration: Option<i64>,
    pub remote_numbers: Vec<String>,
    pub local_numbers: Vec<String>,
}

/// What a seek seeks by, beside the account. Custom data are sought by their key: who shows a session compares the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    Time,
    Application(i64),
    Rule(i64, String),
    User(i64),
    CustomData(String),
    ApplicationCustomData(i64, String),
    Duration(i64),
    RemoteNumber(String),
    LocalNumber(String),
}

/// A seek's statements: pages and the count of a whole span, and turns that begin after a key.
struct Statements {
    oldest_page: &'static Sql,
    newest_page: &'static Sql,
    oldest_turn: &'static Sql,
    newest_turn: &'static Sql,
    count: &'static Sql,
}

// Every statement binds 1 the account, 2 and 3 the key to begin after, 4 the end, 5 the limit and 6 the offset. A plain one
// goes on with what it seeks by, so that the rows before an offset are skipped inside the index. A filtered one goes on with
// the conditions, 7 to 14, and has what it seeks by behind them. Pages compare no ids, which takes half the time of a skipped
// row; their 3 is 0 and stands where it costs nothing.
macro_rules! statements {
    ($select:literal, $index:literal, $where:literal, $started_at:literal, $id:literal, $($rest:literal)*) => {
        Statements {
            oldest_page: sql!(
                "SELECT " $select " INDEXED(" $index ") " $where " AND " $started_at " >= ?2 AND " $started_at " <= ?4 " $($rest)*
                " ORDER BY " $started_at ", " $id " LIMIT ?5 OFFSET CAST(?6 AS BIGINT) + CAST(?3 AS BIGINT)"
            ),
            newest_page: sql!(
                "SELECT " $select " INDEXED(" $index ") " $where " AND " $started_at " <= ?2 AND " $started_at " >= ?4 " $($rest)*
                " ORDER BY " $started_at " DESC, " $id " DESC LIMIT ?5 OFFSET CAST(?6 AS BIGINT) + CAST(?3 AS BIGINT)"
            ),
            oldest_turn: sql!(
                "SELECT " $select " INDEXED(" $index ") " $where " AND (" $started_at ", " $id ") > (?2, ?3) AND " $started_at " <= ?4 " $($rest)*
                " ORDER BY " $started_at ", " $id " LIMIT ?5 OFFSET ?6"
            ),
            newest_turn: sql!(
                "SELECT " $select " INDEXED(" $index ") " $where " AND (" $started_at ", " $id ") < (?2, ?3) AND " $started_at " >= ?4 " $($rest)*
                " ORDER BY " $started_at " DESC, " $id " DESC LIMIT ?5 OFFSET ?6"
            ),
            count: sql!(
                "SELECT COUNT(*) FROM (SELECT " $select " INDEXED(" $index ") " $where " AND " $started_at " >= ?2 AND " $started_at " <= ?4 "
                $($rest)* " LIMIT ?5 OFFSET CAST(?6 AS BIGINT) + CAST(?3 AS BIGINT)) counted"
            ),
        }
    };
}

macro_rules! plain_sessions {
    ($index:literal, $by:literal) => {
        statements!("s.started_at, s.id FROM sessions s", $index, "WHERE s.ended_at IS NOT NULL AND s.account_id = ?1", "s.started_at", "s.id", $by)
    };
}

macro_rules! plain_calls {
    ($index:literal, $by:literal) => {
        statements!("DISTINCT c.session_started_at, c.session_id FROM calls c", $index, "WHERE c.account_id = ?1", "c.session_started_at", "c.session_id", $by)
    };
}

// A condition that is not asked for is found so before a column is read.
macro_rules! conditions {
    ($query:ident, $($head:literal),*) => {
        $query!(
            $($head),*,
            " AND (CAST(?7 AS BIGINT) IS NULL OR s.application_id = ?7) AND (CAST(?8 AS TEXT) IS NULL OR s.rule_name = ?8)"
            " AND (CAST(?9 AS TEXT) = '[]' OR s.user_id IN IDS(?9)) AND (CAST(?10 AS TEXT) IS NULL OR s.custom_data = ?10)"
            " AND (CAST(?11 AS BIGINT) IS NULL OR s.duration >= ?11) AND (CAST(?12 AS BIGINT) IS NULL OR s.duration <= ?12)"
            " AND (CAST(?13 AS TEXT) = '[]' OR EXISTS (SELECT 1 FROM calls r WHERE r.session_id = s.id AND r.remote_number IN TEXTS(?13)))"
            " AND (CAST(?14 AS TEXT) = '[]' OR EXISTS (SELECT 1 FROM calls l WHERE l.session_id = s.id AND l.local_number IN TEXTS(?14)))"
        )
    };
}

macro_rules! filtered_sessions {
    ($index:literal, $by:literal) => {
        conditions!(filtered_sessions, $index, $by)
    };
    ($index:literal, $by:literal, $($condition:literal)*) => {
        statements!("s.started_at, s.id FROM sessions s", $index, "WHERE s.ended_at IS NOT NULL AND s.account_id = ?1", "s.started_at", "s.id", $by $($condition)*)
    };
}

// CROSS JOIN keeps SQLite from beginning with the sessions.
macro_rules! filtered_calls {
    ($index:literal, $by:literal) => {
        conditions!(filtered_calls, $index, $by)
    };
    ($index:literal, $by:literal, $($condition:literal)*) => {
        statements!(
            "DISTINCT c.session_started_at, c.session_id FROM calls c",
            $index,
            "CROSS JOIN sessions s WHERE s.id = c.session_id AND c.account_id = ?1",
            "c.session_started_at",
            "c.session_id",
            $by $($condition)*
        )
    };
}

impl By {
    fn plain(&self) -> Statements {
        match self {
            Self::Time => plain_sessions!("sessions_by_account", ""),
            Self::Application(_) => plain_sessions!("sessions_by_application", "AND s.application_id = ?7"),
            Self::Rule(..) => plain_sessions!("sessions_by_rule", "AND s.application_id = ?7 AND s.rule_name = ?8"),
            Self::User(_) => plain_sessions!("sessions_by_user", "AND s.user_id = ?7"),
            Self::CustomData(_) => plain_sessions!("sessions_by_custom_data", "AND s.custom_data_key = ?7"),
            Self::ApplicationCustomData(..) => {
                plain_sessions!("sessions_by_application_custom_data", "AND s.custom_data_key = ?7 AND s.application_id = ?8")
            }
            Self::Duration(_) => plain_sessions!("sessions_by_duration", "AND s.duration = ?7"),
            Self::RemoteNumber(_) => plain_calls!("calls_by_remote_number", "AND c.remote_number = ?7"),
            Self::LocalNumber(_) => plain_calls!("calls_by_local_number", "AND c.local_number = ?7"),
        }
    }

    fn filtered(&self) -> Statements {
        match self {
            Self::Time => filtered_sessions!("sessions_by_account", ""),
            Self::Application(_) => filtered_sessions!("sessions_by_application", " AND s.application_id = ?15"),
            Self::Rule(..) => filtered_sessions!("sessions_by_rule", " AND s.application_id = ?15 AND s.rule_name = ?16"),
            Self::User(_) => filtered_sessions!("sessions_by_user", " AND s.user_id = ?15"),
            Self::CustomData(_) => filtered_sessions!("sessions_by_custom_data", " AND s.custom_data_key = ?15"),
            Self::ApplicationCustomData(..) => {
                filtered_sessions!("sessions_by_application_custom_data", " AND s.custom_data_key = ?15 AND s.application_id = ?16")
            }
            Self::Duration(_) => filtered_sessions!("sessions_by_duration", " AND s.duration = ?15"),
            Self::RemoteNumber(_) => filtered_calls!("calls_by_remote_number", " AND c.remote_number = ?15"),
            Self::LocalNumber(_) => filtered_calls!("calls_by_local_number", " AND c.local_number = ?15"),
        }
    }

    fn binds(&self) -> Vec<Bind<'_>> {
        match self {
            Self::Time => Vec::new(),
            Self::Application(id) | Self::User(id) => vec![(*id).into()],
            Self::Rule(application, name) => vec![(*application).into(), name.into()],
            Self::CustomData(text) => vec![custom_data_key(text).into()],
            Self::ApplicationCustomData(application, text) => vec![custom_data_key(text).into(), (*application).into()],
            Self::Duration(seconds) => vec![(*seconds).into()],
            Self::RemoteNumber(number) | Self::LocalNumber(number) => vec![number.into()],
        }
    }
}

/// The conditions as statements take them.
struct Bound<'a> {
    application_id: Option<i64>,
    conditions: &'a Conditions,
    user_ids: String,
    remote_numbers: String,
    local_numbers: String,
}

impl<'a> Bound<'a> {
    fn new(application_id: Option<i64>, conditions: &'a Conditions) -> Self {
        let (user_ids, remote_numbers, local_numbers) = (list(&conditions.user_ids), list(&conditions.remote_numbers), list(&conditions.local_numbers));
        Self { application_id, conditions, user_ids, remote_numbers, local_numbers }
    }

    fn binds(&self) -> [Bind<'_>; 8] {
        [
            self.application_id.into(),
            (&self.conditions.rule_name).into(),
            (&self.user_ids).into(),
            (&self.conditions.custom_data).into(),
            self.conditions.min_duration.into(),
            self.conditions.max_duration.into(),
            (&self.remote_numbers).into(),
            (&self.local_numbers).into(),
        ]
    }
}

/// A seek with what its sessions must fulfil beside it.
#[derive(Clone, Debug)]
pub struct Seek {
    pub by: By,
    pub application_id: Option<i64>,
    pub conditions: Conditions,
}

impl Seek {
    /// The seek, without the conditions that it fulfils by itself.
    pub fn new(by: By, application_id: Option<i64>, conditions: &Conditions) -> Self {
        let mut seek = Self { by, application_id, conditions: conditions.clone() };
        match &seek.by {
            By::Time => {}
            By::Application(_) => seek.application_id = None,
            By::Rule(..) => (seek.application_id, seek.conditions.rule_name) = (None, None),
            By::User(_) => seek.conditions.user_ids.clear(),
            By::CustomData(_) => seek.conditions.custom_data = None,
            By::ApplicationCustomData(..) => (seek.application_id, seek.conditions.custom_data) = (None, None),
            By::Duration(_) => (seek.conditions.min_duration, seek.conditions.max_duration) = (None, None),
            By::RemoteNumber(_) => seek.conditions.remote_numbers.clear(),
            By::LocalNumber(_) => seek.conditions.local_numbers.clear(),
        }
        seek
    }

    fn is_plain(&self) -> bool {
        self.application_id.is_none() && self.conditions == Conditions::default()
    }

    /// The keys of the span's sessions behind `offset`, `limit` at most.
    pub fn keys(&self, account: &Account, tx: &Tx, span: Span, limit: i64, offset: i64) -> Result<Vec<Key>, Failure> {
        let statements = if self.is_plain() { self.by.plain() } else { self.by.filtered() };
        let (sql, span) = match (span.is_whole(), span.newest_first) {
            (true, false) => (statements.oldest_page, span.without_id()),
            (true, true) => (statements.newest_page, span.without_id()),
            (false, false) => (statements.oldest_turn, span),
            (false, true) => (statements.newest_turn, span),
        };
        let rows: Vec<(i64, i64)> = self.bound(account, span, limit, offset, |params| tx.all(sql, params))?;
        Ok(rows.into_iter().map(|(started_at, id)| Key { started_at, id }).collect())
    }

    /// How many sessions the span has, `limit` at most.
    pub fn count(&self, account: &Account, tx: &Tx, span: Span, limit: i64) -> Result<i64, Failure> {
        let sql = if self.is_plain() { self.by.plain() } else { self.by.filtered() }.count;
        // Counting has no direction.
        let span =
            if span.newest_first { Span { after: Key { started_at: span.until, id: 0 }, until: span.after.started_at, newest_first: false } } else { span.without_id() };
        let (count,) = self.bound(account, span, limit, 0, |params| tx.one::<(i64,)>(sql, params))?;
        Ok(count)
    }

    fn bound<R>(&self, account: &Account, span: Span, limit: i64, offset: i64, query: impl FnOnce(&[Bind<'_>]) -> Result<R, Failure>) -> Result<R, Failure> {
        let bound = Bound::new(self.application_id, &self.conditions);
        let mut params = vec![account.id().into(), span.after.started_at.into(), span.after.id.into(), span.until.into(), Bind::from(limit), offset.into()];
        if !self.is_plain() {
            params.extend(bound.binds());
        }
        params.extend(self.by.binds());
        query(&params)
    }
}

/// The sessions among these ids that fulfil the conditions, in no order.
pub fn among(account: &Account, tx: &Tx, application_id: Option<i64>, conditions: &Conditions, ids: &[i64]) -> Result<Vec<Key>, Failure> {
    macro_rules! of_ids {
        ($by:literal, $($condition:literal)*) => {
            sql!("SELECT s.started_at, s.id FROM sessions s WHERE s.ended_at IS NOT NULL AND +s.account_id = ?1 AND s.id IN IDS(?2) " $by $($condition)*)
        };
    }
    let (bound, ids) = (Bound::new(application_id, conditions), list(ids));
    // The conditions' parameters begin at 7; those between are bound and compared with nothing.
    let sql = conditions!(of_ids, " AND ?3 = 0 AND ?4 = 0 AND ?5 = 0 AND ?6 = 0");
    let zero = Bind::from(0);
    let mut params = vec![account.id().into(), (&ids).into(), zero, zero, zero, zero];
    params.extend(bound.binds());
    let rows: Vec<(i64, i64)> = tx.all(sql, &params)?;
    Ok(rows.into_iter().map(|(started_at, id)| Key { started_at, id }).collect())
}

/// The sessions whose duration is in the conditions' range, `limit` at most, in no order.
pub fn of_durations(account: &Account, tx: &Tx, application_id: Option<i64>, conditions: &Conditions, limit: i64) -> Result<Vec<Key>, Failure> {
    macro_rules! of_range {
        ($by:literal, $($condition:literal)*) => {
            sql!(
                "SELECT s.started_at, s.id FROM sessions s INDEXED(sessions_by_duration) WHERE s.ended_at IS NOT NULL AND s.account_id = ?1 AND s.duration BETWEEN ?2 AND ?3 "
                $by $($condition)* " LIMIT ?4"
            )
        };
    }
    let others = Conditions { min_duration: None, max_duration: None, ..conditions.clone() };
    let bound = Bound::new(application_id, &others);
    let sql = conditions!(of_range, " AND ?5 = 0 AND ?6 = 0");
    let zero = Bind::from(0);
    let (least, most) = (conditions.min_duration.unwrap_or(0), conditions.max_duration.unwrap_or(i64::MAX));
    let mut params = vec![account.id().into(), least.into(), most.into(), limit.into(), zero, zero];
    params.extend(bound.binds());
    let rows: Vec<(i64, i64)> = tx.all(sql, &params)?;
    Ok(rows.into_iter().map(|(started_at, id)| Key { started_at, id }).collect())
}

/// How many sessions have a duration in the range, `limit` at most.
pub fn count_durations(account: &Account, tx: &Tx, conditions: &Conditions, limit: i64) -> Result<i64, Failure> {
    let (least, most) = (conditions.min_duration.unwrap_or(0), conditions.max_duration.unwrap_or(i64::MAX));
    let (count,) = tx.one(
        sql!(
            "SELECT COUNT(*) FROM (SELECT s.duration FROM sessions s INDEXED(sessions_by_duration)
             WHERE s.ended_at IS NOT NULL AND s.account_id = ?1 AND s.duration BETWEEN ?2 AND ?3 LIMIT ?4) counted"
        ),
        crate::bind![account.id(), least, most, limit],
    )?;
    Ok(count)
}

/// The next duration that a session of the account has, one seek each.
pub fn next_duration(account: &Account, tx: &Tx, from: i64, most: i64) -> Result<Option<i64>, Failure> {
    let found: Option<(i64,)> = tx.optional(
        sql!("SELECT s.duration FROM sessions s INDEXED(sessions_by_duration) WHERE s.ended_at IS NOT NULL AND s.account_id = ?1 AND s.duration BETWEEN ?2 AND ?3 ORDER BY s.duration LIMIT 1"),
        crate::bind![account.id(), from, most],
    )?;
    Ok(found.map(|(seconds,)| seconds))
}

/// How many of the span's first `sample` sessions have a duration in the range.
pub fn sample_durations(account: &Account, tx: &Tx, conditions: &Conditions, span: Span, sample: i64) -> Result<i64, Failure> {
    macro_rules! sampled {
        ($span:literal) => {
            sql!(
                "SELECT COUNT(*) FROM (SELECT s.duration FROM sessions s INDEXED(sessions_by_account) WHERE s.ended_at IS NOT NULL AND s.account_id = ?1 AND " $span
                " LIMIT ?5) sampled WHERE duration BETWEEN ?6 AND ?7"
            )
        };
    }
    let sql = if span.newest_first {
        sampled!("(s.started_at, s.id) < (?2, ?3) AND s.started_at >= ?4 ORDER BY s.started_at DESC, s.id DESC")
    } else {
        sampled!("(s.started_at, s.id) > (?2, ?3) AND s.started_at <= ?4 ORDER BY s.started_at, s.id")
    };
    let (least, most) = (conditions.min_duration.unwrap_or(0), conditions.max_duration.unwrap_or(i64::MAX));
    let (count,) = tx.one(sql, crate::bind![account.id(), span.after.started_at, span.after.id, span.until, sample, least, most])?;
    Ok(count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    /// How SQLite runs a statement.
    fn plan(tx: &Tx, sql: &Sql) -> String {
        let text: &'static str = format!("EXPLAIN QUERY PLAN {}", sql.sqlite).leak();
        let explained = Sql { sqlite: text, postgres: "", at: sql.at };
        let zero = Bind::from(0);
        let bound = [zero; 17];
        let wanted = (1..=17).rev().find(|number| sql.sqlite.contains(&format!("?{number}"))).unwrap_or(0);
        let rows: Vec<(i64, i64, i64, String)> = tx.all(&explained, &bound[..wanted]).unwrap();
        rows.into_iter().map(|(_, _, _, detail)| detail).collect::<Vec<_>>().join("; ")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_seek_goes_through_its_index_in_order() {
        let world = World::sqlite().await;
        let all = [
            (By::Time, "sessions_by_account (account_id=?"),
            (By::Application(1), "sessions_by_application (account_id=? AND application_id=?"),
            (By::Rule(1, String::new()), "sessions_by_rule (account_id=? AND application_id=? AND rule_name=?"),
            (By::User(1), "sessions_by_user (account_id=? AND user_id=?"),
            (By::CustomData(String::new()), "sessions_by_custom_data (account_id=? AND custom_data_key=?"),
            (By::ApplicationCustomData(1, String::new()), "sessions_by_application_custom_data (account_id=? AND application_id=? AND custom_data_key=?"),
            (By::Duration(1), "sessions_by_duration (account_id=? AND duration=?"),
            (By::RemoteNumber(String::new()), "calls_by_remote_number (account_id=? AND remote_number=?"),
            (By::LocalNumber(String::new()), "calls_by_local_number (account_id=? AND local_number=?"),
        ];
        world
            .read(move |tx| {
                for (by, index) in &all {
                    for statements in [by.plain(), by.filtered()] {
                        for sql in [statements.oldest_page, statements.newest_page, statements.oldest_turn, statements.newest_turn, statements.count] {
                            let plan = plan(tx, sql);
                            let (first, _) = plan.split_once("; LIST").unwrap_or((&plan, ""));
                            let rest = first.split_once(&format!("{index} AND ")).map_or("", |(_, rest)| rest);
                            assert!(rest.contains("started_at>") || rest.contains("started_at,session_id)>"), "{by:?}: {plan}\n{}", sql.sqlite);
                            assert!(rest.contains("started_at<") || rest.contains("started_at,session_id)<"), "{by:?}: {plan}\n{}", sql.sqlite);
                            assert!(!plan.contains("TEMP B-TREE"), "{by:?}: {plan}\n{}", sql.sqlite);
                        }
                    }
                }
                Ok(())
            })
            .await
            .unwrap();
    }
}
