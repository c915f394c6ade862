use super::{
    order::{self, Ordered},
    select::Filters,
};
use crate::{
    methods::prelude::*,
    store::{applications::Application, sessions::seek::Conditions},
    things::Window,
    wire::{DateTime, Zone},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::Support]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::History;
pub const ERRORS: &[Code] = &[codes::DATE_RANGE, codes::OUTPUT_FORMAT, codes::RATE_LIMIT];

#[derive(Request)]
pub struct Request {
    /// `csv`.
    #[param(code(OUTPUT_FORMAT), values(&["csv"]))]
    pub output: String,
    /// From when, in `timezone`. When absent, one month before the end.
    pub from_date: Option<DateTime>,
    /// Until when, in `timezone`. When absent, now.
    pub to_date: Option<DateTime>,
    /// The zone of the dates in the request and in the report: a name, or `auto` for the account's location.
    #[param(default("Etc/GMT"))]
    pub timezone: Zone,
    /// Only these sessions, at most 1000. Without dates they may be of any time.
    #[param(code(CALL_SESSION_HISTORY_ID))]
    pub call_session_history_id: Option<Vec<i64>>,
    /// Only sessions of this application.
    pub application: Option<One<Application>>,
    /// Only sessions of this rule of the application.
    #[param(code(RULE_NAME))]
    pub rule_name: Option<String>,
    /// Only sessions with a call from or to one of these numbers outside, at most 1000.
    pub remote_number: Option<Vec<String>>,
    /// Only sessions with a call from or to one of these numbers of the platform, at most 1000.
    pub local_number: Option<Vec<String>>,
    /// Only sessions with exactly this custom data.
    pub call_session_history_custom_data: Option<String>,
    /// Newest first.
    #[param(default("false"))]
    pub desc_order: bool,
    /// Begins the file with the names of its columns.
    #[param(default("false"))]
    pub with_header: bool,
}

pub type Response = Ordered;

/// Orders a brief report of ended sessions: one short line for each.
#[method]
pub async fn get_brief_call_history(call: &Call, request: Request) -> Result<Response> {
    let filters = Filters {
        from_date: request.from_date,
        to_date: request.to_date,
        timezone: request.timezone,
        ids: request.call_session_history_id,
        application: request.application,
        newest_first: request.desc_order,
        conditions: Conditions {
            rule_name: request.rule_name,
            custom_data: request.call_session_history_custom_data,
            remote_numbers: request.remote_number.unwrap_or_default(),
            local_numbers: request.local_number.unwrap_or_default(),
            ..Conditions::default()
        },
        ..Filters::default()
    };
    order::calls(call, filters.check(call, false)?, None, request.with_header, Window::default()).await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_brief_report_has_a_short_line_for_each_session(world: World) {
        let (account, shop) = (world.account_id(), world.application("shop").await);
        let id = world
            .session(&account, 60, |new, end| {
                new.application_id = shop.parse().unwrap();
                end.custom_data = "-7".to_owned();
                end.calls = vec![leg("111", "900")];
            })
            .await;
        world.session(&account, 50, |_, end| end.calls = vec![leg("222", "900")]).await;
        let header = "call_session_history_id;application_id;application_name;rule_name;start_date;duration;finish_reason;custom_data";
        let line = format!("{id};{shop};shop.owner.cordboard.internal;all;2026-01-01 12:59:00;6;Normal termination;'-7");
        for filter in
            [("remote_number", "111"), ("application_id", shop.as_str()), ("call_session_history_custom_data", "-7"), ("call_session_history_id", &id.to_string())]
        {
            let params = [("output", "csv"), ("with_header", "true"), ("timezone", "Europe/Berlin"), filter];
            assert_eq!(world.report(&world.owner, "GetBriefCallHistory", &params).await, format!("{header}\n{line}\n"), "{filter:?}");
        }
        let both = world.report(&world.owner, "GetBriefCallHistory", &[("output", "CSV"), ("local_number", "900"), ("desc_order", "1")]).await;
        assert_eq!(both.lines().count(), 2);
        assert!(both.lines().nth(1).unwrap().starts_with(&format!("{id};")), "{both}");
        for (params, code) in [(vec![], 134), (vec![("output", "json")], 105), (vec![("output", "csv"), ("rule_name", "all")], 156)] {
            assert_eq!(world.refused(&world.owner, "GetBriefCallHistory", &params).await, code);
        }
    }
}
