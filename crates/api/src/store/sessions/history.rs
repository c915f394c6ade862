//! Pages of the history of sessions: which index leads, and how several seeks are merged into one order.

use std::{cmp::Reverse, collections::BinaryHeap};

use cordboard_derive::sql;

use super::seek::{self, By, Conditions, Key, Seek, Span};
use crate::{
    bind,
    caller::Account,
    row,
    store::{
        db::{Failure, Tx},
        list,
    },
    wire::Utc,
};

/// Seeks of one page at most: what the lists of a request may multiply to.
pub const MOST_SEEKS: usize = 1_000;

/// Rows that say, before anything is read, which of several indexes has the fewest: a short look first, then a longer one.
const LOOKS: [i64; 2] = [250, 2_000];

/// Sessions that are looked at to guess how many of all have a duration.
const SAMPLE: i64 = 2_000;

/// Sessions that may be read for a page in their order; beyond, each duration is sought by itself.
const MOST_READ: i64 = 50_000;

/// Distinct durations that are worth a seek each; beyond, the history is read in its order.
const MOST_DURATIONS: usize = 4_000;

/// Keys that the first turn of one of several seeks brings; later ones bring twice as many each.
const FIRST_TURN: i64 = 16;

/// Keys that a turn brings at most.
const LARGEST_TURN: i64 = 4_096;

row! {
    /// An ended session.
    pub struct Session {
        pub id: i64,
        pub account_id: i64,
        pub application_id: i64,
        /// Without the account's part.
        pub application_name: String,
        pub rule_name: String,
        pub user_id: Option<i64>,
        pub started_at: Utc,
        pub duration: i64,
        pub initiator_address: String,
        pub media_server_address: String,
        pub finish_reason: Option<String>,
        pub custom_data: String,
    }
}

/// An account whose history is read, and the application there that is asked for.
#[derive(Clone, Debug)]
pub struct Scope {
    pub account: Account,
    pub application_id: Option<i64>,
}

/// What of the history is read, beside the scopes.
#[derive(Clone, Debug)]
pub struct Part {
    pub span: Span,
    pub ids: Option<Vec<i64>>,
    pub conditions: Conditions,
}

impl Part {
    /// From the beginning of the time range, both ends inclusive.
    pub fn new(from: i64, to: i64, newest_first: bool, ids: Option<Vec<i64>>, conditions: Conditions) -> Self {
        let span = if newest_first {
            Span { after: Key { started_at: to, id: i64::MAX }, until: from, newest_first }
        } else {
            Span { after: Key { started_at: from, id: 0 }, until: to, newest_first }
        };
        Self { span, ids, conditions }
    }

    /// The same part behind a session.
    pub fn after(&self, key: Key) -> Self {
        Self { span: Span { after: key, ..self.span }, ..self.clone() }
    }
}

/// Where the keys of one scope come from.
enum Source {
    Seek(Seek),
    /// In the order of the answer.
    Known(std::vec::IntoIter<Key>),
}

/// One of the seeks that are merged.
struct Stream<'a> {
    scope: usize,
    account: &'a Account,
    source: Source,
    span: Span,
    turn: i64,
    ready: std::vec::IntoIter<Key>,
    exhausted: bool,
}

impl Stream<'_> {
    fn next(&mut self, tx: &Tx) -> Result<Option<Key>, Failure> {
        if let Some(key) = self.ready.next() {
            return Ok(Some(key));
        }
        let seek = match &mut self.source {
            Source::Known(keys) => return Ok(keys.next()),
            Source::Seek(seek) => seek,
        };
        if self.exhausted {
            return Ok(None);
        }
        let keys = seek.keys(self.account, tx, self.span, self.turn, 0)?;
        self.exhausted = i64::try_from(keys.len()).unwrap_or(i64::MAX) < self.turn;
        self.turn = (self.turn * 2).min(LARGEST_TURN);
        if let Some(last) = keys.last() {
            self.span.after = *last;
        }
        self.ready = keys.into_iter();
        Ok(self.ready.next())
    }
}

/// The keys of one page with the number of their scope, in the order of the answer.
pub fn page(scopes: &[Scope], tx: &Tx, part: &Part, count: i64, offset: i64) -> Result<Vec<(Key, usize)>, Failure> {
    let sources = sources(scopes, tx, part, offset.saturating_add(count))?;
    of_sources(scopes, tx, part, sources, count, offset)
}

fn of_sources(scopes: &[Scope], tx: &Tx, part: &Part, sources: Vec<(usize, Source)>, count: i64, offset: i64) -> Result<Vec<(Key, usize)>, Failure> {
    if let [(scope, Source::Seek(seek))] = sources.as_slice() {
        let keys = seek.keys(&scopes[*scope].account, tx, part.span, count, offset)?;
        return Ok(keys.into_iter().map(|key| (key, *scope)).collect());
    }
    let mut streams: Vec<Stream> = sources.into_iter().map(|(scope, source)| stream(scopes, scope, source, part.span)).collect();
    let (mut out, mut skipped) = (Vec::new(), 0);
    merge(&mut streams, tx, part.span.newest_first, |key, scope| {
        if i64::try_from(out.len()).unwrap_or(i64::MAX) >= count {
            return false;
        }
        if skipped < offset {
            skipped += 1;
        } else {
            out.push((key, scope));
        }
        true
    })?;
    Ok(out)
}

/// How many sessions there are in all.
pub fn count(scopes: &[Scope], tx: &Tx, part: &Part) -> Result<i64, Failure> {
    let sources = sources(scopes, tx, part, i64::MAX)?;
    // A session has calls with several numbers; everything else is disjoint.
    let overlap = sources.len() > 1 && sources.iter().any(|(_, source)| matches!(source, Source::Seek(Seek { by: By::RemoteNumber(_) | By::LocalNumber(_), .. })));
    let mut total = 0;
    if overlap {
        let mut streams: Vec<Stream> = sources.into_iter().map(|(scope, source)| stream(scopes, scope, source, part.span)).collect();
        merge(&mut streams, tx, part.span.newest_first, |_, _| {
            total += 1;
            true
        })?;
        return Ok(total);
    }
    for (scope, source) in sources {
        total += match source {
            Source::Known(keys) => i64::try_from(keys.len()).unwrap_or(i64::MAX),
            Source::Seek(seek) => seek.count(&scopes[scope].account, tx, part.span, i64::MAX)?,
        };
    }
    Ok(total)
}

fn stream(scopes: &[Scope], scope: usize, source: Source, span: Span) -> Stream<'_> {
    Stream { scope, account: &scopes[scope].account, source, span, turn: FIRST_TURN, ready: Vec::new().into_iter(), exhausted: false }
}

/// Hands out the streams' keys in one order, each once, until `take` wants no more.
fn merge(streams: &mut [Stream], tx: &Tx, newest_first: bool, mut take: impl FnMut(Key, usize) -> bool) -> Result<(), Failure> {
    // The heap gives the greatest first.
    let ordered = |key: Key| if newest_first { (key.started_at, key.id) } else { (-key.started_at, -key.id) };
    let mut heap = BinaryHeap::with_capacity(streams.len());
    for (at, stream) in streams.iter_mut().enumerate() {
        if let Some(key) = stream.next(tx)? {
            heap.push((ordered(key), Reverse(at)));
        }
    }
    let mut last = None;
    while let Some((order, Reverse(at))) = heap.pop() {
        let key = if newest_first { Key { started_at: order.0, id: order.1 } } else { Key { started_at: -order.0, id: -order.1 } };
        let stream = &mut streams[at];
        if last != Some(key) && !take(key, stream.scope) {
            return Ok(());
        }
        last = Some(key);
        if let Some(next) = stream.next(tx)? {
            heap.push((ordered(next), Reverse(at)));
        }
    }
    Ok(())
}

fn sources(scopes: &[Scope], tx: &Tx, part: &Part, wanted: i64) -> Result<Vec<(usize, Source)>, Failure> {
    let mut out = Vec::new();
    for (number, scope) in scopes.iter().enumerate() {
        if let Some(ids) = &part.ids {
            let keys = seek::among(&scope.account, tx, scope.application_id, &part.conditions, ids)?;
            out.push((number, known(keys, part.span)));
            continue;
        }
        out.extend(of_scope(scope, tx, part, wanted)?.into_iter().map(|source| (number, source)));
    }
    Ok(out)
}

/// Keys that were found in no order: those of the span, in its order.
fn known(mut keys: Vec<Key>, span: Span) -> Source {
    keys.retain(|key| if span.newest_first { *key < span.after && key.started_at >= span.until } else { *key > span.after && key.started_at <= span.until });
    keys.sort_unstable();
    if span.newest_first {
        keys.reverse();
    }
    Source::Known(keys.into_iter())
}

/// The index with the fewest sessions leads; the other conditions are checked on what it finds.
fn of_scope(scope: &Scope, tx: &Tx, part: &Part, wanted: i64) -> Result<Vec<Source>, Failure> {
    let Conditions { rule_name, user_ids, custom_data, min_duration, max_duration, remote_numbers, local_numbers } = &part.conditions;
    // The likeliest to have few sessions first: a tie goes to it.
    let mut leads: Vec<Vec<By>> = Vec::new();
    if let Some(text) = custom_data {
        leads.push(vec![scope.application_id.map_or_else(|| By::CustomData(text.clone()), |id| By::ApplicationCustomData(id, text.clone()))]);
    }
    leads.push(remote_numbers.iter().cloned().map(By::RemoteNumber).collect());
    leads.push(local_numbers.iter().cloned().map(By::LocalNumber).collect());
    leads.push(user_ids.iter().copied().map(By::User).collect());
    match (scope.application_id, rule_name) {
        (Some(id), Some(name)) => leads.push(vec![By::Rule(id, name.clone())]),
        (Some(id), None) if custom_data.is_none() => leads.push(vec![By::Application(id)]),
        _ => {}
    }
    leads.retain(|lead| !lead.is_empty());
    let with_duration = min_duration.is_some() || max_duration.is_some();
    let lead = match leads.len() {
        0 if with_duration => return by_duration(scope, tx, part, wanted),
        0 => vec![By::Time],
        1 if !with_duration => leads.remove(0),
        _ => match fewest(scope, tx, part, &leads, with_duration)? {
            Some(at) => leads.swap_remove(at),
            None => {
                let keys = seek::of_durations(&scope.account, tx, scope.application_id, &part.conditions, i64::MAX)?;
                return Ok(vec![known(keys, part.span)]);
            }
        },
    };
    Ok(lead.into_iter().map(|by| Source::Seek(Seek::new(by, scope.application_id, &part.conditions))).collect())
}

/// Which lead has the fewest sessions, as far as a look says; `None` is the duration.
fn fewest(scope: &Scope, tx: &Tx, part: &Part, leads: &[Vec<By>], with_duration: bool) -> Result<Option<usize>, Failure> {
    for look in LOOKS {
        let mut best: Option<(i64, Option<usize>)> = None;
        for (at, lead) in leads.iter().enumerate() {
            let mut found = 0;
            for by in lead {
                let seek = Seek::new(by.clone(), None, &Conditions::default());
                found += seek.count(&scope.account, tx, part.span, look - found)?;
                if found >= look {
                    break;
                }
            }
            if best.is_none_or(|(fewest, _)| found < fewest) {
                best = Some((found, Some(at)));
            }
        }
        if with_duration {
            let found = seek::count_durations(&scope.account, tx, &part.conditions, look)?;
            if found < look && best.is_none_or(|(fewest, _)| found < fewest) {
                best = Some((found, None));
            }
        }
        if let Some((_, lead)) = best.filter(|(found, _)| *found < look) {
            return Ok(lead);
        }
    }
    Ok(Some(0))
}

/// A duration alone. What few sessions have is read at once. Otherwise the history is read in its order when a sample
/// of it promises enough matches, and each duration by a seek of its own when it does not.
fn by_duration(scope: &Scope, tx: &Tx, part: &Part, wanted: i64) -> Result<Vec<Source>, Failure> {
    let (account, conditions) = (&scope.account, &part.conditions);
    let look = LOOKS[1].max(wanted.min(LARGEST_TURN));
    if seek::count_durations(account, tx, conditions, look)? < look {
        let keys = seek::of_durations(account, tx, scope.application_id, conditions, look)?;
        return Ok(vec![known(keys, part.span)]);
    }
    let in_order = || vec![Source::Seek(Seek::new(By::Time, scope.application_id, conditions))];
    if wanted == i64::MAX {
        return Ok(in_order());
    }
    let found = seek::sample_durations(account, tx, conditions, part.span, SAMPLE)?;
    if wanted.saturating_mul(SAMPLE) <= found.saturating_mul(MOST_READ) {
        return Ok(in_order());
    }
    let (mut from, most) = (conditions.min_duration.unwrap_or(0), conditions.max_duration.unwrap_or(i64::MAX));
    let mut out = Vec::new();
    while let Some(seconds) = seek::next_duration(account, tx, from, most)? {
        if out.len() >= MOST_DURATIONS {
            return Ok(in_order());
        }
        out.push(Source::Seek(Seek::new(By::Duration(seconds), scope.application_id, conditions)));
        from = seconds.saturating_add(1);
    }
    Ok(out)
}

/// The sessions of these keys, in their order. Custom data whose key is another's, too, are compared here.
pub fn sessions(scopes: &[Scope], tx: &Tx, part: &Part, keys: &[(Key, usize)]) -> Result<Vec<Session>, Failure> {
    let mut by_id = std::collections::BTreeMap::new();
    for (number, scope) in scopes.iter().enumerate() {
        let ids: Vec<i64> = keys.iter().filter(|(_, of)| *of == number).map(|(key, _)| key.id).collect();
        if ids.is_empty() {
            continue;
        }
        let found: Vec<Session> = tx.all(
            sql!(
                "SELECT id, account_id, application_id, application_name, rule_name, user_id, started_at, duration, initiator_address,
                 media_server_address, finish_reason, custom_data FROM sessions WHERE id IN IDS(?2) AND +account_id = ?1"
            ),
            bind![scope.account.id(), &list(&ids)],
        )?;
        let wanted = |session: &Session| part.conditions.custom_data.as_ref().is_none_or(|text| *text == session.custom_data);
        by_id.extend(found.into_iter().filter(wanted).map(|session| (session.id, session)));
    }
    Ok(keys.iter().filter_map(|(key, _)| by_id.remove(&key.id)).collect())
}

/// Whether the history has a session of this application, though the application may be gone.
pub fn knows_application(account: &Account, tx: &Tx, id: i64) -> Result<bool, Failure> {
    let found: Option<(i64,)> = tx.optional(
        sql!("SELECT s.id FROM sessions s INDEXED(sessions_by_application) WHERE s.ended_at IS NOT NULL AND s.account_id = ?1 AND s.application_id = ?2 LIMIT 1"),
        bind![account.id(), id],
    )?;
    Ok(found.is_some())
}

/// Whether the history has a session of this user, though the user may be gone.
pub fn knows_user(account: &Account, tx: &Tx, id: i64) -> Result<bool, Failure> {
    let found: Option<(i64,)> = tx.optional(
        sql!("SELECT s.id FROM sessions s INDEXED(sessions_by_user) WHERE s.ended_at IS NOT NULL AND s.account_id = ?1 AND s.user_id = ?2 LIMIT 1"),
        bind![account.id(), id],
    )?;
    Ok(found.is_some())
}

row! {
    /// What the link to a session's log needs to know.
    pub struct Linked {
        pub account_id: i64,
        pub secure: bool,
        pub ended_at: Option<Utc>,
    }
}

/// For links, which name no account.
pub fn linked(tx: &Tx, id: i64) -> Result<Option<Linked>, Failure> {
    tx.optional(sql!("SELECT account_id, secure, ended_at FROM sessions WHERE id = ?1"), bind![id])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{caller::Account, store::accounts, testing::*, wire::Utc};

    #[on_both_databases]
    async fn durations_that_are_sought_one_by_one_come_in_the_order_of_all(world: World) {
        let id = world.account_id();
        for number in 0..50_i64 {
            world.session(&id, 500 - number / 3, |new, end| end.ended_at = Utc(new.started_at.0 + number % 11 * 1_000)).await;
        }
        let account_id = id.parse::<i64>().unwrap();
        let compared = world.read(move |tx| {
            let account = Account::authenticated(accounts::tenant_by_id(tx, account_id)?.unwrap());
            let scopes = [Scope { account, application_id: None }];
            let conditions = Conditions { min_duration: Some(4), ..Conditions::default() };
            for newest_first in [false, true] {
                let part = Part::new(0, i64::MAX, newest_first, None, conditions.clone());
                let sources = |durations: bool| -> Vec<(usize, Source)> {
                    let by = if durations { (4..=10).map(By::Duration).collect() } else { vec![By::Time] };
                    by.into_iter().map(|by| (0, Source::Seek(Seek::new(by, None, &conditions)))).collect()
                };
                let all = of_sources(&scopes, tx, &part, sources(false), 100, 0)?;
                assert_eq!(all.len(), (0..50).filter(|number| number % 11 >= 4).count());
                for (count, offset) in [(100, 0), (7, 0), (7, 11), (3, 26), (3, 100)] {
                    let page: Vec<_> = all.iter().skip(offset).take(count).copied().collect();
                    assert_eq!(of_sources(&scopes, tx, &part, sources(true), count as i64, offset as i64)?, page, "{count} behind {offset}");
                }
                assert_eq!(page(&scopes, tx, &part.after(all[9].0), 5, 0)?, all[10..15]);
            }
            Ok(())
        });
        compared.await.unwrap();
    }
}
