use super::{
    order::{self, Ordered},
    select::selecting,
};
use crate::{methods::prelude::*, things::Window};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::Support]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::History;
pub const ERRORS: &[Code] = &[codes::DATE_RANGE, codes::OUTPUT_FORMAT, codes::RATE_LIMIT];

selecting! {
    #[derive(Request)]
    pub struct Request {
        /// The report's part: it has every row unless this is sent.
        pub page: Window,
        /// `csv`.
        #[param(default("csv"), code(OUTPUT_FORMAT), values(&["csv"]))]
        pub output: String,
    }
}

pub type Response = Ordered;

/// Orders a report of ended sessions.
#[method]
pub async fn get_call_history_async(call: &Call, mut request: Request) -> Result<Response> {
    let checked = request.filters().check(call, false)?;
    order::calls(call, checked, Some(request.with()), request.with_header, request.page).await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_report_has_every_row_unless_a_page_is_asked_for(world: World) {
        let account = world.account_id();
        for seconds_ago in 1..=2_500 {
            world.session(&account, seconds_ago, |_, end| end.custom_data = format!("n{}", seconds_ago % 2)).await;
        }
        let all = world.report(&world.owner, "GetCallHistoryAsync", &[]).await;
        let ids: Vec<i64> = all.lines().map(|line| line.split(';').next().unwrap().parse().unwrap()).collect();
        assert_eq!(ids.len(), 2_500, "more than two parts");
        let oldest_first: Vec<i64> = {
            let mut sorted = ids.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            sorted
        };
        assert_eq!(ids, oldest_first, "the later one was begun, the older it is");
        let newest = world.report(&world.owner, "GetCallHistory", &[("is_async", "true"), ("desc_order", "true"), ("call_session_history_custom_data", "n1")]).await;
        assert_eq!(newest.lines().count(), 1_250);
        assert!(newest.lines().next().unwrap().contains(";2026-01-01 11:59:59;"), "{newest:.200}");
        let page = world.report(&world.owner, "GetCallHistoryAsync", &[("count", "3"), ("offset", "2000"), ("with_header", "true")]).await;
        assert_eq!(page.lines().skip(1).collect::<Vec<_>>(), all.lines().skip(2_000).take(3).collect::<Vec<_>>());
        let reports = world.ok(&world.owner, "GetHistoryReports", &[("desc_order", "true"), ("count", "1")]).await;
        let calculated: Value = serde_json::from_str(reports["result"][0]["calculated_data"].as_str().unwrap()).unwrap();
        assert_eq!(calculated, json!({"session_count": 3, "total_session_count": 2_500, "timezone": "Etc/GMT"}));
    }

    #[on_both_databases]
    async fn what_is_selected_is_checked_when_it_is_ordered(world: World) {
        let child = world.child("tenant-a", "a@example.org").await;
        let (own, other) = (world.account_id(), world.session(&child, 5, |_, _| {}).await);
        world.session(&own, 5, |_, end| end.calls = vec![leg("111", "900")]).await;
        for (filters, code) in [
            (vec![("output", "json")], 105),
            (vec![("application_id", "999")], 116),
            (vec![("user_id", "999")], 117),
            (vec![("child_account_id", "999")], 194),
            (vec![("from_date", "2026-02-01"), ("to_date", "2026-01-01")], 123),
        ] {
            assert_eq!(world.refused(&world.owner, "GetCallHistoryAsync", &filters).await, code, "{filters:?}");
        }
        let with_children =
            world.report(&world.owner, "GetCallHistoryAsync", &[("child_account_id", child.as_str()), ("from_date", "2020-01-01"), ("with_calls", "1")]).await;
        assert_eq!(with_children.lines().count(), 2);
        assert!(with_children.contains("\"\"remote_number\"\":\"\"111\"\""), "{with_children}");
        let of_child = world.report(&world.owner.on(&child), "GetCallHistoryAsync", &[]).await;
        assert!(of_child.starts_with(&format!("{other};{child};")) && of_child.lines().count() == 1, "{of_child}");
        assert_eq!(world.refused(&world.key(&["Accountant"]).await, "GetCallHistoryAsync", &[]).await, 104);
    }
}
