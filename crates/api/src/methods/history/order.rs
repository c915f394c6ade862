//! Reports: how methods order them, and who may see which.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{
    select::{Checked, Stored},
    view::With,
};
use crate::{
    call::{Call, limit},
    caller::Caller,
    codes,
    error::{Error, Result},
    registry::Catalogue,
    store::{
        audit_log,
        history_reports::{self, New},
    },
    things::Window,
    wire::Answer,
};

/// The kinds of reports, and the method whose callers may see each.
pub const TYPES: [(&str, &str); 6] = [
    ("calls", "GetCallHistory"),
    ("calls_brief", "GetCallHistory"),
    ("transactions", "GetTransactionHistory"),
    ("audit", "GetAuditLog"),
    ("call_list", "GetCallLists"),
    ("transactions_on_hold", "GetTransactionHistory"),
];

/// The kinds that a caller may see.
pub fn visible(caller: &Caller) -> impl Iterator<Item = &'static str> {
    TYPES.into_iter().filter(|(_, method)| Catalogue::get().holds(&caller.rights, method)).map(|(kind, _)| kind)
}

/// What the job of a report builds. The first rows and the number of rows are limited only where that was asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Order {
    Calls { selection: Stored, timezone: String, with: With, with_header: bool, count: Option<i64>, offset: Option<i64> },
    CallsBrief { selection: Stored, timezone: String, with_header: bool },
    Audit { filter: audit_log::Filter, nothing: bool, timezone: String, with_header: bool, count: Option<i64>, offset: Option<i64> },
}

impl Order {
    fn history_type(&self) -> &'static str {
        match self {
            Self::Calls { .. } => "calls",
            Self::CallsBrief { .. } => "calls_brief",
            Self::Audit { .. } => "audit",
        }
    }
}

#[derive(Serialize, JsonSchema)]
pub struct Ordered {
    /// 1 on success.
    pub result: i64,
    /// The report, for GetHistoryReports and DownloadHistoryReport.
    pub history_report_id: i64,
}

/// The answer of a method that orders a report where it would list: typed clients read a list in `result` alone.
pub fn in_place_of_a_list(call: &Call, ordered: &Ordered) -> Result<Answer> {
    if !call.api().settings.compat_typings {
        return Answer::json(ordered);
    }
    Answer::json(&serde_json::json!({"result": [], "count": 0, "history_report_id": ordered.history_report_id}))
}

/// Adds what an order has beside its filters to what GetHistoryReports shows.
pub fn shown(filters: &mut Map<String, Value>, with_header: bool, window: Window) {
    let more = [("with_header", with_header.then_some(true.into())), ("count", window.count.map(Into::into)), ("offset", window.offset.map(Into::into))];
    filters.extend(more.into_iter().filter_map(|(name, value): (&str, Option<Value>)| value.map(|value| (name.to_owned(), value))));
}

/// Orders a report of sessions.
pub async fn calls(call: &Call, mut checked: Checked, with: Option<With>, with_header: bool, window: Window) -> Result<Ordered> {
    let mut filters = std::mem::take(&mut checked.shown);
    shown(&mut filters, with_header, window);
    for (name, flag) in with.into_iter().flat_map(|with| [("with_calls", with.calls), ("with_records", with.records), ("with_other_resources", with.other_resources)]) {
        if flag {
            filters.insert(name.to_owned(), true.into());
        }
    }
    place(call, filters, move |account, tx| {
        let scopes = checked.scopes(account, tx)?;
        let application_id = scopes.iter().find_map(|scope| scope.application_id);
        let (selection, timezone) = (checked.stored(&scopes), checked.timezone);
        let order = match with {
            Some(with) => Order::Calls { selection, timezone, with, with_header, count: window.count, offset: window.offset },
            None => Order::CallsBrief { selection, timezone, with_header },
        };
        Ok((order, application_id))
    })
    .await
}

/// Writes an order in one transaction and wakes the job.
pub async fn place(
    call: &Call,
    filters: Map<String, Value>,
    order: impl FnOnce(&crate::caller::Account, &crate::store::db::Tx) -> Result<(Order, Option<i64>)> + Send + 'static,
) -> Result<Ordered> {
    let (now, node, most) = (call.now, call.api().settings.node.clone(), call.api().settings.limits.open_reports);
    let ordered = call
        .note(move |account, tx| {
            let (order, application_id) = order(account, tx)?;
            if history_reports::count_open(account, tx)? >= most {
                return Err(limit(codes::RATE_LIMIT, "history reports that are not finished", most, "limits.open_reports").into());
            }
            let request = serde_json::to_string(&order).map_err(|error| Error::internal(codes::INTERNAL, format!("a report's order: {error}")))?;
            let history_type = order.history_type();
            let new = New { application_id, history_type, request, filters: Value::Object(filters).to_string(), created_at: now, node };
            Ok(Ordered { result: 1, history_report_id: history_reports::insert(account, tx, &new)? })
        })
        .await?;
    call.api().reports_ordered.notify_one();
    Ok(ordered)
}
