use jiff::tz::TimeZone;

use crate::{
    methods::prelude::*,
    store::audit_log::{self, Entry, Filter},
    wire::{Answer, DateTime, Zone},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::DATE_RANGE, codes::OUTPUT_FORMAT];

#[derive(Request)]
pub struct Request {
    /// From when, in `timezone`.
    pub from_date: Option<DateTime>,
    /// Until when, in `timezone`.
    pub to_date: Option<DateTime>,
    /// The zone of the dates in the request and in the answer: a name, or `auto` for the account's location.
    #[param(default("Etc/GMT"))]
    pub timezone: Zone,
    /// Only these lines.
    pub audit_log_id: Option<Vec<i64>>,
    /// Lines of administrators of the older system, which Cordboard has not: with a value, nothing matches.
    pub filtered_admin_user_id: Option<String>,
    /// Only from these addresses.
    pub filtered_ip: Option<Vec<String>>,
    /// Only these methods.
    pub filtered_cmd: Option<Vec<String>>,
    /// Only lines whose arguments or result mention this, such as the id of an application.
    #[param(code(ADVANCED_FILTERS), max_chars(200))]
    pub advanced_filters: Option<String>,
    /// Newest first.
    #[param(default("false"))]
    pub desc_order: bool,
    /// Adds `total_count`.
    #[param(default("false"))]
    pub with_total_count: bool,
    /// Page.
    #[param(default("100"))]
    pub page: Page,
    /// Orders a report instead of answering.
    #[param(default("false"))]
    pub is_async: bool,
    /// `json`, or `csv` for a file.
    #[param(default("json"), code(OUTPUT_FORMAT), values(&["json", "csv"]))]
    pub output: String,
    /// Begins a CSV file with the names of its columns.
    #[param(default("false"))]
    pub with_header: bool,
    /// The decimal mark of CSV numbers; this file has whole numbers only.
    #[param(max_chars(1))]
    pub decimal_separator: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<AuditLogInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
    pub count: usize,
    pub timezone: String,
}

#[derive(Serialize, JsonSchema)]
pub struct AuditLogInfo {
    pub audit_log_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subuser_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subuser_name: Option<String>,
    pub account_id: i64,
    /// In `timezone`.
    pub requested: String,
    pub ip: String,
    pub cmd_name: String,
    /// The arguments as a JSON object, without secrets.
    pub cmd_args: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cmd_result: Option<serde_json::Value>,
}

/// Lists the changes that were made to the account.
#[method(answer)]
pub async fn get_audit_log(call: &Call, request: Request) -> Result<Answer> {
    if request.is_async {
        return Err(Error::field(codes::ARGUMENTS, "is_async", "Reports are not yet available; leave 'is_async' out and page with 'count' and 'offset'.").into());
    }
    let (timezone, zone) = request.timezone.resolve(call.account.location());
    let moment = |at: Option<DateTime>, field| match at {
        None => Ok(None),
        Some(at) => at.utc_ms(&zone).map(Some).ok_or_else(|| Error::field(codes::DATE_FORMAT, field, format!("'{field}' is outside the calendar."))),
    };
    let from = moment(request.from_date, "from_date")?.unwrap_or(0);
    // A time is a whole second on the wire, so the last one counts to its end.
    let to = moment(request.to_date, "to_date")?.map_or(i64::MAX, |ms| ms.saturating_add(999));
    if from > to {
        return Err(Error::field(codes::DATE_RANGE, "to_date", "'to_date' is before 'from_date'.").into());
    }
    let filter = Filter {
        from: Utc(from),
        to: Utc(to),
        ids: request.audit_log_id.unwrap_or_default(),
        ips: request.filtered_ip.unwrap_or_default(),
        commands: request.filtered_cmd.unwrap_or_default(),
        mentions: request.advanced_filters,
        newest_first: request.desc_order,
    };
    let (entries, total_count) = if request.filtered_admin_user_id.is_some() {
        (Vec::new(), request.with_total_count.then_some(0))
    } else {
        call.read(move |account, tx| Ok(audit_log::page(account, tx, &filter, request.page, request.with_total_count)?)).await?
    };
    if request.output.eq_ignore_ascii_case("csv") {
        let name = format!("GetAuditLog_{}.csv", call.now.in_zone(&zone).get(..10).unwrap_or_default());
        return Ok(Answer::File { name, bytes: csv(&entries, &zone, request.with_header)? });
    }
    let json = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(text));
    let view = |entry: Entry| AuditLogInfo {
        audit_log_id: entry.id,
        subuser_id: entry.subuser_id,
        subuser_name: entry.subuser_name,
        account_id: call.account.id(),
        requested: entry.requested_at.in_zone(&zone),
        ip: entry.ip,
        cmd_name: entry.cmd_name,
        cmd_args: json(&entry.cmd_args),
        cmd_result: entry.cmd_result.as_deref().map(json),
    };
    let result: Vec<AuditLogInfo> = entries.into_iter().map(view).collect();
    Answer::json(&Response { total_count, count: result.len(), result, timezone })
}

fn csv(entries: &[Entry], zone: &TimeZone, with_header: bool) -> Result<Vec<u8>> {
    let broken = |error: String| Error::internal(codes::INTERNAL, format!("CSV: {error}"));
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    if with_header {
        let names = ["audit_log_id", "subuser_id", "subuser_name", "requested", "ip", "cmd_name", "cmd_args", "cmd_result"];
        writer.write_record(names).map_err(|error| broken(error.to_string()))?;
    }
    for entry in entries {
        let row = [
            entry.id.to_string(),
            entry.subuser_id.map(|id| id.to_string()).unwrap_or_default(),
            entry.subuser_name.clone().unwrap_or_default(),
            entry.requested_at.in_zone(zone),
            entry.ip.clone(),
            entry.cmd_name.clone(),
            entry.cmd_args.clone(),
            entry.cmd_result.clone().unwrap_or_default(),
        ];
        writer.write_record(row).map_err(|error| broken(error.to_string()))?;
    }
    Ok(writer.into_inner().map_err(|error| broken(error.to_string()))?)
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn changes_are_logged_typed_and_in_order(mut world: World) {
        let application = world.application("shop").await;
        world.advance_ms(60_000);
        world.ok(&world.owner, "SetApplicationInfo", &[("application_id", application.as_str()), ("secure_record_storage", "1")]).await;
        let log = world.ok(&world.owner, "GetAuditLog", &[("with_total_count", "true"), ("timezone", "America/New_York")]).await;
        assert_eq!((log["total_count"].as_i64(), &log["timezone"]), (Some(2), &json!("America/New_York")));
        let second = &log["result"][1];
        assert_eq!(second["cmd_args"], json!({"application_id": application.parse::<i64>().unwrap_or(0), "secure_record_storage": true}));
        assert_eq!((&second["cmd_name"], &second["requested"], &second["ip"]), (&json!("SetApplicationInfo"), &json!("2026-01-01 07:01:00"), &json!("192.0.2.1")));
        assert_eq!(second["cmd_result"]["result"], 1);
        let newest = world.ok(&world.owner, "GetAuditLog", &[("desc_order", "true"), ("count", "1")]).await;
        assert_eq!(newest["result"][0]["audit_log_id"], second["audit_log_id"]);
        assert!(newest.get("total_count").is_none());
    }

    #[on_both_databases]
    async fn filters_join_with_and(mut world: World) {
        let id = world.application("shop").await;
        world.advance_ms(3_600_000);
        world.application("bank").await;
        let count = async |filters: &[(&str, &str)]| world.ok(&world.owner, "GetAuditLog", filters).await["count"].as_i64();
        assert_eq!(count(&[("from_date", "2026-01-01 12:30:00")]).await, Some(1));
        assert_eq!(count(&[("from_date", "2026-01-01 13:30:00"), ("timezone", "Europe/Berlin")]).await, Some(1));
        assert_eq!(count(&[("to_date", "2026-01-01 12:30:00"), ("filtered_cmd", "AddApplication;DelApplication")]).await, Some(1));
        assert_eq!(count(&[("filtered_cmd", "DelApplication")]).await, Some(0));
        assert_eq!(count(&[("filtered_ip", "192.0.2.1"), ("audit_log_id", "1")]).await, Some(1));
        assert_eq!(count(&[("filtered_ip", "198.51.100.1")]).await, Some(0));
        assert_eq!(count(&[("advanced_filters", "bank")]).await, Some(1));
        assert_eq!(count(&[("advanced_filters", &format!("\"application_id\":{id},"))]).await, Some(1));
        assert_eq!(count(&[("filtered_admin_user_id", "1")]).await, Some(0));
    }

    #[on_both_databases]
    async fn a_file_has_exactly_the_lines(world: World) {
        world.ok(&world.owner, "AddApplication", &[("application_name", "shop"), ("description", "x")]).await;
        let file = world.file(&world.owner, "GetAuditLog", &[("output", "csv"), ("with_header", "true")]).await;
        let lines: Vec<&str> = file.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("audit_log_id;") && lines[1].contains(";AddApplication;"), "{file}");
    }

    #[on_both_databases]
    async fn bad_filters_are_refused(world: World) {
        for (filters, code) in [
            (vec![("from_date", "yesterday")], 111),
            (vec![("from_date", "2026-02-01"), ("to_date", "2026-01-01")], 123),
            (vec![("timezone", "Mars/Base")], 101),
            (vec![("output", "xls")], 105),
            (vec![("is_async", "true")], 101),
        ] {
            assert_eq!(world.refused(&world.owner, "GetAuditLog", &filters).await, code, "{filters:?}");
        }
        assert_eq!(world.refused(&world.key(&["Admin"]).await, "GetAuditLog", &[]).await, 104);
    }
}
