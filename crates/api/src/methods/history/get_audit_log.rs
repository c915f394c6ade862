use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::{
    order::{self as reports, Order, Ordered},
    select::MOST_DAYS,
};
use crate::{
    cleaning::DAY_MS,
    methods::prelude::*,
    store::audit_log::{self, Entry, Filter},
    things::{LARGEST_PAGE, Window},
    wire::{
        Answer, DateTime, Zone,
        csv::{Record, Writer},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::DATE_RANGE, codes::DATE_RANGE_TOO_LONG, codes::OUTPUT_FORMAT, codes::RATE_LIMIT];

/// Lines of an answer when the request does not say. Semantics §6.2.
const USUAL: i64 = 100;

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
    /// Page. A report has every line unless this is sent.
    #[param(default("100"))]
    pub page: Window,
    /// Orders a report instead of answering.
    #[param(default("false"))]
    pub is_async: bool,
    /// `json`, or `csv` for a file.
    #[param(code(OUTPUT_FORMAT), values(&["json", "csv"]))]
    pub output: Option<String>,
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
    pub cmd_args: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cmd_result: Option<Value>,
}

/// Which lines are selected, as it was sent.
pub struct Filters {
    pub from_date: Option<DateTime>,
    pub to_date: Option<DateTime>,
    pub timezone: Zone,
    pub ids: Option<Vec<i64>>,
    pub admin_user: Option<String>,
    pub ips: Option<Vec<String>>,
    pub commands: Option<Vec<String>>,
    pub mentions: Option<String>,
    pub newest_first: bool,
}

impl Filters {
    /// The filter of the store. An answer spans a bounded time, a report any.
    fn check(self, zone: &TimeZone, is_answer: bool) -> Result<Filter> {
        let moment = |at: Option<DateTime>, field| match at {
            None => Ok(None),
            Some(at) => at.utc_ms(zone).map(Some).ok_or_else(|| Error::field(codes::DATE_FORMAT, field, format!("'{field}' is outside the calendar."))),
        };
        let from = moment(self.from_date, "from_date")?;
        let to = moment(self.to_date, "to_date")?;
        if is_answer && self.ids.is_none() && from.zip(to).is_some_and(|(from, to)| to.saturating_sub(from) > MOST_DAYS * DAY_MS) {
            let text = format!("The dates are more than {MOST_DAYS} days apart; ask for less, or order a report with GetAuditLogAsync.");
            return Err(Error::field(codes::DATE_RANGE_TOO_LONG, "from_date", text).into());
        }
        // A time is a whole second on the wire, so the last one counts to its end.
        let (from, to) = (from.unwrap_or(0), to.map_or(i64::MAX, |ms| ms.saturating_add(999)));
        if from > to {
            return Err(Error::field(codes::DATE_RANGE, "to_date", "'to_date' is before 'from_date'.").into());
        }
        Ok(Filter {
            from,
            to,
            ids: self.ids.unwrap_or_default(),
            ips: self.ips.unwrap_or_default(),
            commands: self.commands.unwrap_or_default(),
            mentions: self.mentions,
            newest_first: self.newest_first,
        })
    }

    fn shown(&self, timezone: &str) -> Map<String, Value> {
        let date = |at: Option<DateTime>| at.map(|DateTime(at)| Value::from(at.strftime("%Y-%m-%d %H:%M:%S").to_string()));
        let text = |text: &Option<String>| text.clone().map(Value::from);
        [
            ("from_date", date(self.from_date)),
            ("to_date", date(self.to_date)),
            ("timezone", Some(timezone.into())),
            ("audit_log_id", self.ids.clone().map(Value::from)),
            ("filtered_admin_user_id", text(&self.admin_user)),
            ("filtered_ip", self.ips.clone().map(Value::from)),
            ("filtered_cmd", self.commands.clone().map(Value::from)),
            ("advanced_filters", text(&self.mentions)),
            ("desc_order", self.newest_first.then_some(true.into())),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)))
        .collect()
    }
}

/// Orders a report.
pub async fn order(call: &Call, filters: Filters, with_header: bool, window: Window) -> Result<Ordered> {
    let (timezone, zone) = filters.timezone.resolve(call.account.location());
    let mut shown = filters.shown(&timezone);
    reports::shown(&mut shown, with_header, window);
    let nothing = filters.admin_user.is_some();
    let order = Order::Audit { filter: filters.check(&zone, false)?, nothing, timezone, with_header, count: window.count, offset: window.offset };
    reports::place(call, shown, move |_, _| Ok((order, None))).await
}

/// Lists the changes that were made to the account.
#[method(answer, or(Ordered))]
pub async fn get_audit_log(call: &Call, request: Request) -> Result<Answer> {
    let csv = request.output.as_deref().is_some_and(|output| output.eq_ignore_ascii_case("csv"));
    let filters = Filters {
        from_date: request.from_date,
        to_date: request.to_date,
        timezone: request.timezone,
        ids: request.audit_log_id,
        admin_user: request.filtered_admin_user_id,
        ips: request.filtered_ip,
        commands: request.filtered_cmd,
        mentions: request.advanced_filters,
        newest_first: request.desc_order,
    };
    if request.is_async {
        if request.output.is_some() && !csv {
            return Err(Error::field(codes::OUTPUT_FORMAT, "output", "A report is CSV; send output=csv with 'is_async'.").into());
        }
        let ordered = order(call, filters, request.with_header, request.page).await?;
        return reports::in_place_of_a_list(call, &ordered);
    }
    let (timezone, zone) = filters.timezone.resolve(call.account.location());
    let nothing = filters.admin_user.is_some();
    let filter = filters.check(&zone, true)?;
    let page = request.page.page(USUAL, LARGEST_PAGE);
    let (entries, total_count) = if nothing {
        (Vec::new(), request.with_total_count.then_some(0))
    } else {
        call.read(move |account, tx| Ok(audit_log::page(account, tx, &filter, page, request.with_total_count)?)).await?
    };
    if csv {
        let name = format!("GetAuditLog_{}.csv", call.now.in_zone(&zone).get(..10).unwrap_or_default());
        let mut writer = Writer::new(Vec::new());
        if request.with_header {
            writer.write(&header())?;
        }
        for entry in &entries {
            writer.write(&record(entry, &zone))?;
        }
        return Ok(Answer::File { name, bytes: writer.finish()? });
    }
    let json = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
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

/// The first line of a CSV file.
pub fn header() -> Record {
    Record::names(&["audit_log_id", "subuser_id", "subuser_name", "requested", "ip", "cmd_name", "cmd_args", "cmd_result"])
}

pub fn record(entry: &Entry, zone: &TimeZone) -> Record {
    let mut record = Record::default();
    record.number(Some(entry.id));
    record.number(entry.subuser_id);
    record.text(entry.subuser_name.as_deref().unwrap_or_default());
    record.text(&entry.requested_at.in_zone(zone));
    record.text(&entry.ip);
    record.text(&entry.cmd_name);
    record.text(&entry.cmd_args);
    record.text(entry.cmd_result.as_deref().unwrap_or_default());
    record
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
            (vec![("is_async", "true"), ("output", "json")], 105),
            (vec![("from_date", "2025-01-01"), ("to_date", "2025-12-01")], 569),
        ] {
            assert_eq!(world.refused(&world.owner, "GetAuditLog", &filters).await, code, "{filters:?}");
        }
        assert_eq!(world.refused(&world.key(&["Admin"]).await, "GetAuditLog", &[]).await, 104);
    }
}
