//! Sessions as answers and reports show them.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Api, Settings,
    error::Result,
    methods::applications::full_name,
    secrets::Secrets,
    store::{
        calls::{self, Call},
        db::Tx,
        sessions::{
            history::{self, Part, Scope, Session},
            seek::Key,
        },
    },
    wire::{Micros, csv::Record},
};

/// Which lists of a session are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct With {
    pub calls: bool,
    pub records: bool,
    pub other_resources: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct CallSessionInfo {
    pub call_session_history_id: i64,
    pub account_id: i64,
    pub application_id: i64,
    /// `<short>.<account>.<domain>`.
    pub application_name: String,
    pub rule_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
    /// In `timezone`.
    pub start_date: String,
    /// Seconds.
    pub duration: i64,
    pub initiator_address: String,
    pub media_server_address: String,
    /// Kept for a month.
    pub log_file_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    #[schemars(default)]
    pub custom_data: String,
    pub audio_quality: &'static str,
    /// The history has ended sessions alone.
    pub active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calls: Option<Vec<CallInfo>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub records: Option<Vec<RecordInfo>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_resource_usage: Option<Vec<ResourceUsage>>,
}

#[derive(Serialize, JsonSchema)]
pub struct CallInfo {
    pub call_id: i64,
    /// In `timezone`.
    pub start_time: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diversion_number: Option<String>,
    /// Seconds.
    pub duration: i64,
    pub local_number: String,
    pub remote_number: String,
    /// `pstn`, `mobile`, `user` or `sip`.
    pub remote_number_type: String,
    pub incoming: bool,
    pub successful: bool,
    /// Absent, because nothing is charged for calls yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_url: Option<String>,
    pub media_server_address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Micros>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<String>,
    pub end_reason: EndReason,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct EndReason {
    /// A SIP status.
    pub code: i64,
    pub details: String,
}

/// A record of a session. There are none as long as nothing is recorded.
#[derive(Serialize, JsonSchema)]
pub struct RecordInfo {
    pub record_id: i64,
    pub record_name: Option<String>,
    pub cost: Option<Micros>,
    pub start_time: String,
    pub duration: Option<i64>,
    pub record_url: Option<String>,
    pub transaction_id: i64,
    pub file_size: Option<i64>,
    pub transcription_url: Option<String>,
    pub transcription_status: Option<String>,
}

/// Something that a session used. There is nothing as long as nothing is charged.
#[derive(Serialize, JsonSchema)]
pub struct ResourceUsage {
    pub resource_usage_id: i64,
    pub resource_type: String,
    pub cost: Option<Micros>,
    pub description: Option<String>,
    pub used_at: String,
    pub transaction_id: i64,
    pub resource_quantity: Option<i64>,
    pub unit: Option<String>,
    pub ref_call_id: Option<i64>,
}

/// Sessions of one page with their calls, as they came from the store.
pub struct Loaded {
    sessions: Vec<Session>,
    calls: Option<Vec<Call>>,
}

impl Loaded {
    pub fn read(scopes: &[Scope], tx: &Tx, part: &Part, keys: &[(Key, usize)], with: With) -> Result<Self> {
        let sessions = history::sessions(scopes, tx, part, keys)?;
        if !with.calls {
            return Ok(Self { sessions, calls: None });
        }
        let mut found = Vec::new();
        for (number, scope) in scopes.iter().enumerate() {
            let ids: Vec<i64> = keys.iter().filter(|(_, of)| *of == number).map(|(key, _)| key.id).collect();
            if !ids.is_empty() {
                found.extend(calls::of_sessions(&scope.account, tx, &ids)?);
            }
        }
        Ok(Self { sessions, calls: Some(found) })
    }
}

/// How sessions are shown.
#[derive(Clone)]
pub struct View {
    settings: Settings,
    secrets: Secrets,
    zone: TimeZone,
    with: With,
}

impl View {
    pub fn new(api: &Api, zone: TimeZone, with: With) -> Self {
        Self { settings: api.settings.clone(), secrets: api.secrets.clone(), zone, with }
    }

    pub fn sessions(&self, scopes: &[Scope], loaded: Loaded) -> Vec<CallSessionInfo> {
        let accounts: BTreeMap<i64, &Scope> = scopes.iter().map(|scope| (scope.account.id(), scope)).collect();
        let mut by_session: BTreeMap<i64, Vec<Call>> = BTreeMap::new();
        for call in loaded.calls.into_iter().flatten() {
            by_session.entry(call.session_id).or_default().push(call);
        }
        let view = |session: Session| {
            let calls = by_session.remove(&session.id).unwrap_or_default();
            accounts.get(&session.account_id).map(|scope| self.session(scope, session, calls))
        };
        loaded.sessions.into_iter().filter_map(view).collect()
    }

    fn session(&self, scope: &Scope, session: Session, calls: Vec<Call>) -> CallSessionInfo {
        let calls = self.with.calls.then(|| calls.into_iter().map(|call| self.call(&session, call)).collect());
        CallSessionInfo {
            call_session_history_id: session.id,
            account_id: session.account_id,
            application_id: session.application_id,
            application_name: full_name(&self.settings, &scope.account, &session.application_name),
            rule_name: session.rule_name,
            user_id: session.user_id,
            start_date: session.started_at.in_zone(&self.zone),
            duration: session.duration,
            initiator_address: session.initiator_address,
            media_server_address: session.media_server_address,
            log_file_url: crate::links::log_url(&self.settings, &self.secrets, session.id),
            finish_reason: session.finish_reason,
            custom_data: session.custom_data,
            audio_quality: "Standard",
            active: false,
            calls,
            records: self.with.records.then(Vec::new),
            other_resource_usage: self.with.other_resources.then(Vec::new),
        }
    }

    fn call(&self, session: &Session, call: Call) -> CallInfo {
        CallInfo {
            call_id: call.id,
            start_time: call.started_at.in_zone(&self.zone),
            diversion_number: call.diversion_number,
            duration: call.duration,
            local_number: call.local_number,
            remote_number: call.remote_number,
            remote_number_type: call.remote_number_type,
            incoming: call.incoming,
            successful: call.successful,
            transaction_id: None,
            record_url: None,
            media_server_address: session.media_server_address.clone(),
            cost: None,
            custom_data: call.custom_data,
            end_reason: EndReason { code: call.end_code, details: call.end_reason },
            direction: None,
        }
    }
}

const COLUMNS: [&str; 14] = [
    "call_session_history_id",
    "account_id",
    "application_id",
    "application_name",
    "rule_name",
    "user_id",
    "start_date",
    "duration",
    "initiator_address",
    "media_server_address",
    "log_file_url",
    "finish_reason",
    "custom_data",
    "audio_quality",
];

const BRIEF_COLUMNS: [&str; 8] = ["call_session_history_id", "application_id", "application_name", "rule_name", "start_date", "duration", "finish_reason", "custom_data"];

/// The first line of a CSV file.
pub fn header(with: With) -> Record {
    let lists = [(with.calls, "calls"), (with.records, "records"), (with.other_resources, "other_resource_usage")];
    let names: Vec<&str> = COLUMNS.into_iter().chain(lists.into_iter().filter_map(|(shown, name)| shown.then_some(name))).collect();
    Record::names(&names)
}

pub fn brief_header() -> Record {
    Record::names(&BRIEF_COLUMNS)
}

impl CallSessionInfo {
    pub fn record(&self) -> Result<Record> {
        let mut record = Record::default();
        record.number(Some(self.call_session_history_id));
        record.number(Some(self.account_id));
        record.number(Some(self.application_id));
        record.text(&self.application_name);
        record.text(&self.rule_name);
        record.number(self.user_id);
        record.text(&self.start_date);
        record.number(Some(self.duration));
        record.text(&self.initiator_address);
        record.text(&self.media_server_address);
        record.text(&self.log_file_url);
        record.text(self.finish_reason.as_deref().unwrap_or_default());
        record.text(&self.custom_data);
        record.text(self.audio_quality);
        if let Some(calls) = &self.calls {
            record.json(calls)?;
        }
        if let Some(records) = &self.records {
            record.json(records)?;
        }
        if let Some(resources) = &self.other_resource_usage {
            record.json(resources)?;
        }
        Ok(record)
    }

    pub fn brief_record(&self) -> Record {
        let mut record = Record::default();
        record.number(Some(self.call_session_history_id));
        record.number(Some(self.application_id));
        record.text(&self.application_name);
        record.text(&self.rule_name);
        record.text(&self.start_date);
        record.number(Some(self.duration));
        record.text(self.finish_reason.as_deref().unwrap_or_default());
        record.text(&self.custom_data);
        record
    }
}
