//! Calls that were refused: those of an account become rows of its history, off the path of the call; those of strangers are
//! in memory for the operator.

use std::{
    collections::{BTreeMap, VecDeque},
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use schemars::JsonSchema;
use serde::Serialize;
use tokio::sync::Notify;

use super::explanation::bounded;
use crate::{
    Api,
    caller::Account,
    error::Result,
    store::{
        accounts,
        db::{Lock, Tx},
        sessions::{self, End, Leg, New, Node},
    },
    wire::Utc,
};

/// Refused calls of an account that are kept within a minute. The others are counted.
const KEPT_PER_MINUTE: u32 = 60;

/// Refused calls of all accounts that wait to be written.
const WAITING: usize = 1_000;

/// Rows of one transaction.
const AT_ONCE: usize = 100;

/// Refusals of strangers that are in memory.
const STRANGERS: usize = 1_000;

/// Characters of what a stranger sent that are kept, each.
const STRANGER_CHARACTERS: usize = 200;

/// What the history says of sessions that no scenario ran in.
pub const NO_RULE: &str = "No rule takes the call";
pub const CALLER_NOT_ALLOWED: &str = "The caller may not call in";
pub const REFUSED: &str = "The call was refused";

/// A call that came in for an account and began no session.
#[derive(Clone, Debug)]
pub struct RefusedCall {
    pub account: Account,
    pub application_id: i64,
    /// Without the account's part.
    pub application_name: String,
    /// The rule that took it, if one did, by id and name.
    pub rule: Option<(i64, String)>,
    pub user_id: Option<i64>,
    /// The caller's IP address.
    pub initiator_address: String,
    pub started_at: Utc,
    pub ended_at: Utc,
    /// Who was called.
    pub local_number: String,
    /// Who called.
    pub remote_number: String,
    /// `pstn`, `mobile`, `user` or `sip`.
    pub remote_number_type: String,
    /// What the caller was answered.
    pub end_code: i64,
    pub end_reason: String,
    /// `NO_RULE`, `CALLER_NOT_ALLOWED`, `REFUSED`, or a sentence as short.
    pub finish_reason: String,
    /// Sentences of `explanation`, one a line.
    pub explanation: String,
}

/// A request that was refused before it was known whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stranger {
    /// The last time.
    pub time: Utc,
    /// Address and port.
    pub from: String,
    /// The request's method, such as `INVITE`.
    pub method: String,
    /// The request's URI.
    pub target: String,
    /// What it was answered; 0 is silence.
    pub code: u16,
    pub why: String,
    /// How often one after the other from this address for this reason.
    pub times: u64,
}

#[derive(Default)]
pub(crate) struct Refusals {
    state: Mutex<State>,
    arrived: Notify,
}

#[derive(Default)]
struct State {
    accounts: BTreeMap<i64, Minute>,
    waiting: VecDeque<RefusedCall>,
    strangers: VecDeque<Stranger>,
}

/// What became of an account's refused calls within a minute.
struct Minute {
    number: i64,
    kept: u32,
    skipped: u64,
}

impl Refusals {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn keep(&mut self, mut call: RefusedCall) {
        let number = call.ended_at.0.div_euclid(60_000);
        if self.accounts.len() > WAITING {
            self.accounts.retain(|_, minute| minute.number == number);
        }
        let minute = self.accounts.entry(call.account.id()).or_insert(Minute { number, kept: 0, skipped: 0 });
        if minute.number != number {
            (minute.number, minute.kept) = (number, 0);
        }
        if minute.kept >= KEPT_PER_MINUTE || self.waiting.len() >= WAITING {
            minute.skipped += 1;
            return;
        }
        minute.kept += 1;
        let skipped = std::mem::take(&mut minute.skipped);
        if skipped > 0 {
            let text = format!("{skipped} refused calls of the account before this one are not in the history, which keeps {KEPT_PER_MINUTE} a minute.");
            call.explanation = format!("{text}\n{}", call.explanation);
        }
        self.waiting.push_back(call);
    }

    fn note(&mut self, stranger: Stranger) {
        if let Some(last) = self.strangers.front_mut().filter(|last| (&last.from, &last.why, last.code) == (&stranger.from, &stranger.why, stranger.code)) {
            *last = Stranger { times: last.times.saturating_add(1), ..stranger };
            return;
        }
        self.strangers.truncate(STRANGERS - 1);
        self.strangers.push_front(stranger);
    }
}

impl Api {
    /// Notes a call of an account that was refused before a session began; `write_refused_calls` writes its row. Does not wait.
    /// 60 calls of an account are kept within a minute, and how many were not stands in the explanation of the next one.
    pub fn call_refused(&self, call: RefusedCall) {
        self.refusals.state().keep(call);
        self.refusals.arrived.notify_one();
    }

    /// Waits until refused calls are noted.
    pub async fn calls_refused(&self) {
        self.refusals.arrived.notified().await;
    }

    /// Writes the rows of refused calls, as `close` does with what is left: for each a session that ran nothing, with one call. What fails is written by the next call.
    pub async fn write_refused_calls(&self) -> Result<()> {
        while !self.refusals.state().waiting.is_empty() {
            let node = self.node()?;
            let calls: Vec<RefusedCall> = {
                let mut state = self.refusals.state();
                let count = state.waiting.len().min(AT_ONCE);
                state.waiting.drain(..count).collect()
            };
            let (again, media_server_address) = (calls.clone(), self.media_server_address());
            let written = self.db.write(Lock::None, move |tx| calls.iter().try_for_each(|call| write(call, tx, &node, &media_server_address)));
            if let Err(errors) = written.await {
                let mut state = self.refusals.state();
                again.into_iter().rev().for_each(|call| state.waiting.push_front(call));
                return Err(errors);
            }
        }
        Ok(())
    }

    /// Notes a request that was refused before its account was known, for the operator (`GetRefusedRequests`): the last 1,000,
    /// those that follow each other from one address for one reason as one. Does not wait. `code` 0 is silence.
    pub fn stranger_refused(&self, from: SocketAddr, method: &str, target: &str, code: u16, why: &str, now: Utc) {
        let cut = |text: &str| bounded(&text.chars().take(STRANGER_CHARACTERS).collect::<String>());
        let stranger = Stranger { time: now, from: from.to_string(), method: cut(method), target: cut(target), code, why: cut(why), times: 1 };
        self.refusals.state().note(stranger);
    }

    /// What strangers were refused on this node, the newest first.
    pub(crate) fn strangers(&self) -> Vec<Stranger> {
        self.refusals.state().strangers.iter().cloned().collect()
    }
}

fn write(call: &RefusedCall, tx: &Tx, node: &Node, media_server_address: &str) -> Result<()> {
    if accounts::tenant_by_id(tx, call.account.id())?.is_none() {
        return Ok(());
    }
    let (rule_id, rule_name) = call.rule.clone().unwrap_or_default();
    let new = New {
        application_id: call.application_id,
        application_name: call.application_name.clone(),
        rule_id,
        rule_name,
        user_id: call.user_id,
        // Nothing has this hash, so there is no control URL.
        token_hash: Vec::new(),
        initiator_address: call.initiator_address.clone(),
        media_server_address: media_server_address.to_owned(),
        secure: false,
        started_at: call.started_at,
        custom_data: String::new(),
    };
    let id = sessions::begin(&call.account, tx, node, &new)?;
    let leg = Leg {
        started_at: call.started_at,
        duration: 0,
        local_number: call.local_number.clone(),
        remote_number: call.remote_number.clone(),
        remote_number_type: call.remote_number_type.clone(),
        diversion_number: None,
        incoming: true,
        successful: false,
        custom_data: None,
        end_code: call.end_code,
        end_reason: call.end_reason.clone(),
        explanation: Some(call.explanation.clone()),
    };
    let end = End { ended_at: call.ended_at, finish_reason: call.finish_reason.clone(), custom_data: String::new(), calls: vec![leg] };
    sessions::finish(tx, node, id, &end)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    async fn refused(world: &World, explanation: &str) -> RefusedCall {
        let application = world.api.sip_application("demo.owner").await.unwrap().unwrap();
        RefusedCall {
            account: application.account,
            application_id: application.id,
            application_name: application.short_name,
            rule: None,
            user_id: None,
            initiator_address: "198.51.100.7".to_owned(),
            started_at: world.now(),
            ended_at: Utc(world.now().0 + 1_500),
            local_number: "1234".to_owned(),
            remote_number: "+15550100".to_owned(),
            remote_number_type: "sip".to_owned(),
            end_code: 404,
            end_reason: "Not Found".to_owned(),
            finish_reason: NO_RULE.to_owned(),
            explanation: explanation.to_owned(),
        }
    }

    #[on_both_databases]
    async fn a_refused_call_is_a_row_of_the_history(world: World) {
        world.api.call_refused(refused(&world, "No rule takes it.").await);
        world.api.calls_refused().await;
        world.api.write_refused_calls().await.unwrap();
        let history = world
            .ok(&world.owner, "GetCallHistory", &[("with_calls", "true"), ("application_name", "demo"), ("from_date", "2026-01-01"), ("to_date", "2026-01-02")])
            .await;
        let session = &history["result"][0];
        assert_eq!((&history["count"], &session["finish_reason"], &session["rule_name"], &session["duration"]), (&json!(1), &json!(NO_RULE), &json!(""), &json!(2)));
        let call = &session["calls"][0];
        assert_eq!((&call["end_reason"], &call["successful"]), (&json!({"code": 404, "details": "Not Found"}), &json!(false)));
        assert!(call.get("explanation").is_none(), "the documented structure has no such member: {call}");
        let id = session["call_session_history_id"].to_string();
        let explained = world.ok(&world.owner, "GetCallExplanations", &[("call_session_history_id", &id)]).await;
        assert_eq!(explained["result"][0]["explanation"], "No rule takes it.");
    }

    #[on_both_databases]
    async fn a_flood_of_refused_calls_is_counted(mut world: World) {
        for number in 0..100 {
            world.api.call_refused(refused(&world, &number.to_string()).await);
        }
        world.advance_ms(60_000);
        world.api.call_refused(refused(&world, "late").await);
        world.api.write_refused_calls().await.unwrap();
        let brief = world
            .ok(
                &world.owner,
                "GetCallHistory",
                &[("with_total_count", "true"), ("with_calls", "true"), ("from_date", "2026-01-01"), ("to_date", "2026-01-02"), ("desc_order", "true")],
            )
            .await;
        assert_eq!(brief["total_count"], 61);
        let id = brief["result"][0]["call_session_history_id"].to_string();
        let explained = world.ok(&world.owner, "GetCallExplanations", &[("call_session_history_id", &id)]).await;
        let text = explained["result"][0]["explanation"].as_str().unwrap_or_default().to_owned();
        assert!(text.starts_with("40 refused calls") && text.ends_with("late"), "{text}");
    }
}
