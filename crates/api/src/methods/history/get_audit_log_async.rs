use super::{
    get_audit_log::{Filters, order},
    order::Ordered,
};
use crate::{
    methods::prelude::*,
    things::Window,
    wire::{DateTime, Zone},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::DATE_RANGE, codes::OUTPUT_FORMAT, codes::RATE_LIMIT];

#[derive(Request)]
pub struct Request {
    /// From when, in `timezone`.
    pub from_date: Option<DateTime>,
    /// Until when, in `timezone`.
    pub to_date: Option<DateTime>,
    /// The zone of the dates in the request and in the report: a name, or `auto` for the account's location.
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
    /// The report's part: it has every line unless this is sent.
    pub page: Window,
    /// Begins the file with the names of its columns.
    #[param(default("true"))]
    pub with_header: bool,
    /// `csv`.
    #[param(default("csv"), code(OUTPUT_FORMAT), values(&["csv"]))]
    pub output: String,
}

pub type Response = Ordered;

/// Orders a report of the changes that were made to the account.
#[method]
pub async fn get_audit_log_async(call: &Call, request: Request) -> Result<Response> {
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
    order(call, filters, request.with_header, request.page).await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn an_audit_report_has_the_lines_of_the_log(mut world: World) {
        for name in ["shop", "bank", "club"] {
            world.application(name).await;
            world.advance_ms(60_000);
        }
        let all = world.report(&world.owner, "GetAuditLogAsync", &[("timezone", "Europe/Berlin")]).await;
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(lines.len(), 4, "a header, and a line for each change; the order of a report is none");
        assert_eq!(lines[0], "audit_log_id;subuser_id;subuser_name;requested;ip;cmd_name;cmd_args;cmd_result");
        assert!(lines[1].contains(";2026-01-01 13:00:00;192.0.2.1;AddApplication;"), "{all}");
        for (params, wanted) in [
            (vec![("desc_order", "true"), ("count", "1"), ("offset", "1")], vec!["bank"]),
            (vec![("advanced_filters", "club")], vec!["club"]),
            (vec![("from_date", "2026-01-01 12:00:30"), ("filtered_cmd", "AddApplication")], vec!["bank", "club"]),
            (vec![("filtered_ip", "198.51.100.1")], vec![]),
            (vec![("filtered_admin_user_id", "1")], vec![]),
        ] {
            let params: Vec<(&str, &str)> = params.into_iter().chain([("with_header", "false")]).collect();
            let report = world.report(&world.owner, "GetAuditLogAsync", &params).await;
            assert_eq!(report.lines().count(), wanted.len(), "{params:?} {report}");
            for (line, name) in report.lines().zip(wanted) {
                assert!(line.contains(name), "{params:?} {report}");
            }
        }
        let by_flag = world.report(&world.owner, "GetAuditLog", &[("is_async", "true"), ("with_header", "true"), ("timezone", "Europe/Berlin")]).await;
        assert_eq!(by_flag, all);
        assert_eq!(world.refused(&world.owner, "GetAuditLogAsync", &[("from_date", "2026-02-01"), ("to_date", "2026-01-01")]).await, 123);
        assert_eq!(world.refused(&world.key(&["Admin"]).await, "GetAuditLogAsync", &[]).await, 104);
        let typed = world.with(|settings| settings.compat_typings = true).await;
        let ordered = typed.ok(&typed.owner, "GetAuditLog", &[("is_async", "true")]).await;
        assert_eq!((&ordered["result"], ordered["history_report_id"].is_i64()), (&json!([]), true), "typed clients read a list");
    }

    #[on_both_databases]
    async fn an_account_has_a_bounded_number_of_open_reports(world: World) {
        let world = world.with(|settings| settings.limits.open_reports = 2).await;
        world.ok(&world.owner, "GetAuditLogAsync", &[]).await;
        world.ok(&world.owner, "GetCallHistoryAsync", &[]).await;
        assert_eq!(world.refused(&world.owner, "GetAuditLogAsync", &[]).await, 340);
        world.build_reports().await;
        world.ok(&world.owner, "GetAuditLogAsync", &[]).await;
    }
}
