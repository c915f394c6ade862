//! Calls of sessions: what the switch tells a session, and what is kept of it for the history.

use std::sync::Arc;

use cordboard_api::{
    Api,
    calls::{RefusedCall, SipApplication},
    live::Start,
    store::sessions::Leg,
    wire::Utc,
};
use cordboard_engine::{Direction, Input};
use cordboard_switch::{Caller, Origin, SessionInfo, sessions as roster};

use super::{
    Sessions,
    live::{Arriving, Live, Posted},
    pool::lock,
};
use crate::clock;

/// Characters of one call's explanation that are kept; the history keeps as many.
const EXPLANATION_CHARACTERS: usize = 4_000;

/// What the switch answers a call whose session is over. voxengine.md §8.
const DECLINED: u16 = 603;

/// What the history says of calls that the end of their session ended, as the engine does.
const SESSION_ENDED: &str = "The session ended";

/// Calls of a session that are explained: as many as it may attempt.
const EXPLAINED: usize = 50;

impl Sessions {
    pub fn api(&self) -> &Arc<Api> {
        &self.api
    }

    /// May the account have one more session? It counts until the session ends or the admission is given back.
    pub fn admit(&self, account_id: i64) -> Result<(), String> {
        self.switched(roster::Input::Admit { ticket: 0, account_id }).unwrap_or(Ok(()))
    }

    pub fn forgo(&self, account_id: i64) {
        self.switched(roster::Input::Forgo { account_id });
    }

    /// An admitted session begins, because a call came in.
    pub async fn begin_call(&self, start: Start, origin: &Origin) -> Result<Arc<SessionInfo>, String> {
        let (session_id, custom_data) = (start.session_id, start.custom_data.clone());
        let arriving = arriving(origin);
        match self.begin(start, Some(arriving.clone())) {
            Ok(live) => Ok(live.info.clone()),
            Err(reason) => {
                self.never_began(session_id, custom_data, &reason, Some(&arriving)).await;
                Err(reason)
            }
        }
    }

    /// Whose session it is, while it lives.
    pub fn account_of(&self, session_id: i64) -> Option<i64> {
        self.find(session_id).map(|live| live.account.id())
    }

    /// Something for a session's mailbox. False where the session is over.
    pub fn call_input(&self, session_id: i64, input: Input) -> bool {
        let Some(live) = self.find(session_id) else { return false };
        match self.post(&live, input) {
            Posted::Over => return false,
            Posted::Full => tracing::warn!(session = session_id, "a session does not take what its calls bring; a message was dropped"),
            Posted::Wake | Posted::Waiting => {}
        }
        true
    }

    /// Why a call did not succeed. What is said later comes on a line of its own.
    pub fn explain(&self, session_id: i64, call: u64, text: &str) {
        let Some(live) = self.find(session_id) else { return };
        let mut explanations = lock(&live.explanations);
        if explanations.len() >= EXPLAINED && !explanations.contains_key(&call) {
            return;
        }
        let explanation = explanations.entry(call).or_default();
        if !explanation.is_empty() {
            explanation.push('\n');
        }
        let room = EXPLANATION_CHARACTERS.saturating_sub(explanation.chars().count());
        explanation.extend(text.chars().take(room));
    }

    /// A call of an account that found no rule; its history has a row for it.
    pub fn refused_call(&self, application: &SipApplication, origin: &Origin, refused: Refused) {
        let now = clock::now();
        let user_id = if let Caller::User(user) = &origin.from { user.user_id } else { None };
        self.api.call_refused(RefusedCall {
            account: application.account.clone(),
            application_id: application.id,
            application_name: application.short_name.clone(),
            rule: refused.rule,
            user_id,
            initiator_address: origin.source.to_string(),
            started_at: now,
            ended_at: now,
            local_number: origin.destination.clone(),
            remote_number: origin.callerid.clone(),
            remote_number_type: kind(&origin.from).to_owned(),
            end_code: refused.status.into(),
            end_reason: cordboard_sip::message::reason_phrase(refused.status).to_owned(),
            finish_reason: refused.finish_reason.to_owned(),
            explanation: refused.explanation,
        });
    }
}

/// Why a call found no session.
pub struct Refused {
    /// The rule that takes it but runs nothing, by id and name.
    pub rule: Option<(i64, String)>,
    pub status: u16,
    pub finish_reason: &'static str,
    pub explanation: String,
}

/// What the history calls a caller's kind.
fn kind(caller: &Caller) -> &'static str {
    match caller {
        Caller::User(_) => "user",
        Caller::Listed | Caller::Stranger => "sip",
        Caller::Trunk => "pstn",
    }
}

fn arriving(origin: &Origin) -> Arriving {
    Arriving {
        local_number: origin.destination.clone(),
        remote_number: origin.callerid.clone(),
        remote_number_type: kind(&origin.from),
        guest: matches!(&origin.from, Caller::User(user) if user.guest),
    }
}

/// A call that was answered a code before its session heard of it.
pub fn unheard(arriving: &Arriving, started_at: Utc, status: u16, explanation: String) -> Leg {
    let reason = if status == DECLINED { SESSION_ENDED } else { cordboard_sip::message::reason_phrase(status) };
    Leg {
        started_at,
        duration: 0,
        local_number: arriving.local_number.clone(),
        remote_number: arriving.remote_number.clone(),
        remote_number_type: arriving.remote_number_type.to_owned(),
        diversion_number: None,
        incoming: true,
        successful: false,
        custom_data: None,
        end_code: status.into(),
        end_reason: reason.to_owned(),
        explanation: Some(explanation),
    }
}

/// What was said of a call while it lived stands before why its session ended it.
fn both(said: Option<String>, at_the_end: Option<String>) -> Option<String> {
    match (said, at_the_end) {
        (Some(said), Some(at_the_end)) => Some(format!("{said}\n{at_the_end}")),
        (said, at_the_end) => said.or(at_the_end),
    }
}

/// The legs of a session as its history keeps them, each with what was said of it. The call that began the session is among them even
/// if its scenario stopped before it heard of it.
pub fn legs(live: &Live, finish_reason: &str, fault: Option<String>, legs: Vec<cordboard_engine::Leg>) -> Vec<Leg> {
    let is_told = legs.iter().any(|leg| leg.direction == Direction::Incoming);
    let why = || fault.unwrap_or_else(|| format!("The session ended before it heard of the call: {finish_reason}."));
    let unheard = live.arriving.as_ref().filter(|_| !is_told).map(|arriving| unheard(arriving, live.started_at, DECLINED, why()));
    let mut explanations = std::mem::take(&mut *lock(&live.explanations));
    let leg = |leg: cordboard_engine::Leg| Leg {
        started_at: Utc(leg.started_at_ms),
        duration: leg.duration_seconds,
        local_number: leg.local_number,
        remote_number: leg.remote_number,
        remote_number_type: leg.remote_number_type,
        diversion_number: None,
        incoming: leg.direction == Direction::Incoming,
        successful: leg.successful,
        custom_data: leg.custom_data,
        end_code: leg.end_code,
        end_reason: leg.end_reason,
        explanation: both(explanations.remove(&leg.call), leg.explanation),
    };
    unheard.into_iter().chain(legs.into_iter().map(leg)).collect()
}
