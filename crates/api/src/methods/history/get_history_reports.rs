use super::order::visible;
use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        history_reports::{self, Filter, Report},
    },
    wire::{DateTime, Selection},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::Support, Role::Accountant, Role::Payer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::History;
pub const ERRORS: &[Code] = &[codes::DATE_RANGE];

#[derive(Request)]
pub struct Request {
    /// Only this report.
    #[param(code(HISTORY_REPORT_ID))]
    pub history_report_id: Option<i64>,
    /// Only these kinds, or `all`. Kinds that the caller may not read are left out.
    #[param(code(HISTORY_TYPE), values(&["calls", "calls_brief", "transactions", "audit", "call_list", "transactions_on_hold"]))]
    pub history_type: Option<Selection<String>>,
    /// Ordered since then, UTC.
    pub created_from: Option<DateTime>,
    /// Ordered until then, UTC.
    pub created_to: Option<DateTime>,
    /// Only finished reports, or only others.
    pub is_completed: Option<bool>,
    /// Newest first.
    #[param(default("false"))]
    pub desc_order: bool,
    /// Page.
    pub page: Page,
    /// Only reports about these applications.
    #[param(all())]
    pub application: Option<Many<Application>>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<HistoryReport>,
    pub total_count: i64,
    pub count: usize,
}

#[derive(Serialize, JsonSchema)]
pub struct HistoryReport {
    pub history_report_id: i64,
    pub history_type: String,
    pub created: Utc,
    pub format: String,
    /// Absent until the report is finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed: Option<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<String>,
    /// Bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_size: Option<i64>,
    /// Bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download_size: Option<i64>,
    pub download_count: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_downloaded: Option<Utc>,
    /// The last day on which the file is kept, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store_until: Option<String>,
    /// What was asked for, as JSON text.
    pub filters: String,
    /// `session_count`, `total_session_count` and `timezone` of reports of sessions, as JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calculated_data: Option<String>,
}

impl HistoryReport {
    fn of(report: Report) -> Self {
        let day = |at: Utc| at.in_zone(&jiff::tz::TimeZone::UTC).get(..10).unwrap_or_default().to_owned();
        Self {
            history_report_id: report.id,
            history_type: report.history_type,
            created: report.created_at,
            format: report.format,
            completed: report.completed_at.filter(|_| !report.failed),
            file_name: report.file_name,
            file_size: report.file_size_bytes,
            download_size: report.download_size_bytes,
            download_count: report.download_count,
            last_downloaded: report.last_downloaded_at,
            store_until: report.store_until_at.map(day),
            filters: report.filters,
            calculated_data: report.calculated_data,
        }
    }
}

/// Lists history reports. A report is private to those who may read what it is about.
#[method]
pub async fn get_history_reports(call: &Call, request: Request) -> Result<Response> {
    let moment = |at: Option<DateTime>, field| match at {
        None => Ok(None),
        Some(at) => at.utc_ms(&jiff::tz::TimeZone::UTC).map(Some).ok_or_else(|| Error::field(codes::DATE_FORMAT, field, format!("'{field}' is outside the calendar."))),
    };
    let created_from = Utc(moment(request.created_from, "created_from")?.unwrap_or(0));
    let created_to = Utc(moment(request.created_to, "created_to")?.map_or(i64::MAX, |ms| ms.saturating_add(999)));
    if created_from > created_to {
        return Err(Error::field(codes::DATE_RANGE, "created_to", "'created_to' is before 'created_from'.").into());
    }
    let wanted = |kind: &&str| match &request.history_type {
        Some(Selection::These(kinds)) => kinds.iter().any(|wanted| wanted.eq_ignore_ascii_case(kind)),
        Some(Selection::All) | None => true,
    };
    let history_types = visible(&call.caller).filter(wanted).collect();
    let mut filter = Filter {
        id: request.history_report_id,
        history_types,
        created_from,
        created_to,
        completed: request.is_completed,
        application_ids: Vec::new(),
        newest_first: request.desc_order,
    };
    let (applications, page) = (request.application, request.page);
    let found = call.read(move |account, tx| {
        if let Some(applications) = applications.filter(|applications| !applications.is_all()) {
            filter.application_ids = applications.find(account, tx, ())?.into_iter().map(|application| application.id).collect();
        }
        Ok(history_reports::page(account, tx, &filter, page)?)
    });
    let (reports, total_count) = found.await?;
    let result: Vec<HistoryReport> = reports.into_iter().map(HistoryReport::of).collect();
    Ok(Response { total_count, count: result.len(), result })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_report_tells_its_life(mut world: World) {
        let account = world.account_id();
        world.session(&account, 60, |_, _| {}).await;
        let order = [("from_date", "2026-01-01"), ("min_duration", "5"), ("timezone", "Europe/Berlin"), ("with_calls", "true")];
        let id = world.ok(&world.owner, "GetCallHistoryAsync", &order).await["history_report_id"].to_string();
        let seen = async |world: &World| world.ok(&world.owner, "GetHistoryReports", &[("history_report_id", &id)]).await["result"][0].clone();
        let filters = "{\"from_date\":\"2026-01-01 00:00:00\",\"min_duration\":5,\"timezone\":\"Europe/Berlin\",\"with_calls\":true}";
        assert_eq!(
            seen(&world).await,
            json!({"history_report_id": id.parse::<i64>().unwrap(), "history_type": "calls", "created": "2026-01-01 12:00:00", "format": "csv",
                   "download_count": 0, "filters": filters})
        );
        world.advance_ms(60_000);
        world.build_reports().await;
        world.advance_ms(60_000);
        let file = world.file(&world.owner, "DownloadHistoryReport", &[("history_report_id", &id)]).await;
        assert_eq!(
            seen(&world).await,
            json!({"history_report_id": id.parse::<i64>().unwrap(), "history_type": "calls", "created": "2026-01-01 12:00:00", "format": "csv",
                   "completed": "2026-01-01 12:01:00", "file_name": format!("calls_{id}.csv"), "file_size": file.len(), "download_size": file.len(),
                   "download_count": 1, "last_downloaded": "2026-01-01 12:02:00", "store_until": "2026-01-31", "filters": filters,
                   "calculated_data": "{\"session_count\":1,\"timezone\":\"Europe/Berlin\",\"total_session_count\":1}"})
        );
    }

    #[on_both_databases]
    async fn reports_are_filtered_and_paged(mut world: World) {
        let shop = world.application("shop").await;
        let ordered = async |world: &World, method: &str, params: &[(&str, &str)]| world.ok(&world.owner, method, params).await["history_report_id"].as_i64().unwrap();
        let calls = ordered(&world, "GetCallHistoryAsync", &[("application_id", shop.as_str())]).await;
        world.build_reports().await;
        world.advance_ms(3_600_000);
        let brief = ordered(&world, "GetBriefCallHistory", &[("output", "csv")]).await;
        let audit = ordered(&world, "GetAuditLogAsync", &[]).await;
        let found = async |filters: &[(&str, &str)]| {
            let answer = world.ok(&world.owner, "GetHistoryReports", filters).await;
            let ids: Vec<i64> = answer["result"].as_array().unwrap().iter().map(|report| report["history_report_id"].as_i64().unwrap()).collect();
            (ids, answer["total_count"].as_i64().unwrap())
        };
        for (filters, wanted) in [
            (vec![], vec![calls, brief, audit]),
            (vec![("history_type", "ALL"), ("desc_order", "true")], vec![audit, brief, calls]),
            (vec![("history_type", "calls_brief;audit")], vec![brief, audit]),
            (vec![("history_type", "transactions")], vec![]),
            (vec![("is_completed", "true")], vec![calls]),
            (vec![("is_completed", "false")], vec![brief, audit]),
            (vec![("created_from", "2026-01-01 12:30:00")], vec![brief, audit]),
            (vec![("created_to", "2026-01-01 12:30:00")], vec![calls]),
            (vec![("application_id", shop.as_str())], vec![calls]),
            (vec![("application_name", "shop"), ("is_completed", "false")], vec![]),
            (vec![("application_id", "all")], vec![calls, brief, audit]),
            (vec![("history_report_id", "999999")], vec![]),
        ] {
            assert_eq!(found(&filters).await, (wanted.clone(), wanted.len() as i64), "{filters:?}");
        }
        assert_eq!(found(&[("count", "1"), ("offset", "1")]).await, (vec![brief], 3));
        for (params, code) in [(("history_type", "faxes"), 371), (("application_id", "999"), 116), (("created_from", "x"), 111)] {
            assert_eq!(world.refused(&world.owner, "GetHistoryReports", &[params]).await, code);
        }
        assert_eq!(world.refused(&world.owner, "GetHistoryReports", &[("created_from", "2026-02-01"), ("created_to", "2026-01-01")]).await, 123);
    }

    #[on_both_databases]
    async fn a_report_is_for_those_who_may_read_what_it_is_about(world: World) {
        let calls = world.ok(&world.owner, "GetCallHistoryAsync", &[]).await["history_report_id"].to_string();
        let audit = world.ok(&world.owner, "GetAuditLogAsync", &[]).await["history_report_id"].to_string();
        world.build_reports().await;
        let child = world.child("tenant-a", "a@example.org").await;
        for (role, sees_calls, sees_audit) in [("Owner", true, true), ("Admin", true, false), ("Supervisor", true, false), ("Accountant", false, false)] {
            let who = world.key(&[role]).await;
            let listed = world.ok(&who, "GetHistoryReports", &[]).await;
            assert_eq!(listed["total_count"].as_i64(), Some(i64::from(sees_calls) + i64::from(sees_audit)), "{role}");
            for (id, sees) in [(&calls, sees_calls), (&audit, sees_audit)] {
                let answer = world.call(&who, "DownloadHistoryReport", &[("history_report_id", id)]).await;
                assert_eq!(answer["error"]["code"].as_i64(), if sees { None } else { Some(355) }, "{role} {id}");
            }
        }
        let of_child = world.owner.on(&child);
        assert_eq!(world.ok(&of_child, "GetHistoryReports", &[]).await["total_count"], 0);
        assert_eq!(world.refused(&of_child, "DownloadHistoryReport", &[("history_report_id", &calls)]).await, 355);
    }
}
