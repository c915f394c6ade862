use super::{
    order::{self, Ordered},
    select::selecting,
    view::{self, CallSessionInfo, Loaded, View},
};
use crate::{
    methods::prelude::*,
    store::sessions::history,
    things::Window,
    wire::{Answer, csv::Writer},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::Support]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::History;
pub const ERRORS: &[Code] = &[codes::DATE_RANGE, codes::DATE_RANGE_TOO_LONG, codes::OUTPUT_FORMAT, codes::RATE_LIMIT];

/// Rows of a page when the request does not say, and at most. Semantics §6.2.
const USUAL: i64 = 20;
const MOST: i64 = 1_000;

/// Rows that may be skipped. Semantics §6.2.
const FARTHEST: i64 = 10_000;

selecting! {
    #[derive(Request)]
    pub struct Request {
        /// Orders a report instead of answering.
        #[param(default("false"))]
        pub is_async: bool,
        /// Adds `total_count`, which takes long where much matches.
        #[param(default("false"))]
        pub with_total_count: bool,
        /// Page of at most 1000 rows, at most 10000 behind the first. A report has every row unless this is sent.
        pub page: Window,
        /// `json`, or `csv` for a file.
        #[param(code(OUTPUT_FORMAT), values(&["json", "csv"]))]
        pub output: Option<String>,
    }
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<CallSessionInfo>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<i64>,
    pub count: usize,
    pub timezone: String,
    /// What was assumed for dates that were not sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(default)]
    pub warnings: Vec<String>,
    /// With `is_async`: the report, and a `result` of 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_report_id: Option<i64>,
}

/// Lists ended sessions with what they did.
#[method(answer, or(Ordered))]
pub async fn get_call_history(call: &Call, mut request: Request) -> Result<Answer> {
    let with = request.with();
    let csv = request.output.as_deref().is_some_and(|output| output.eq_ignore_ascii_case("csv"));
    if request.is_async {
        if request.output.is_some() && !csv {
            return Err(Error::field(codes::OUTPUT_FORMAT, "output", "A report is CSV; send output=csv with 'is_async'.").into());
        }
        let checked = request.filters().check(call, false)?;
        let ordered: Ordered = order::calls(call, checked, Some(with), request.with_header, request.page).await?;
        return order::in_place_of_a_list(call, &ordered);
    }
    let page = request.page.page(USUAL, MOST);
    if page.offset > FARTHEST {
        let text = format!("'offset' must be at most {FARTHEST}; move 'from_date' on, or order a report with 'is_async'.");
        return Err(Error::field(codes::ARGUMENTS, "offset", text).into());
    }
    let checked = request.filters().check(call, true)?;
    let (zone, timezone, warnings) = (checked.zone.clone(), checked.timezone.clone(), checked.warnings.clone());
    let with_total = request.with_total_count && !csv;
    let found = call.read(move |account, tx| {
        let scopes = checked.scopes(account, tx)?;
        let keys = history::page(&scopes, tx, &checked.part, page.count, page.offset)?;
        let loaded = Loaded::read(&scopes, tx, &checked.part, &keys, with)?;
        let total = if with_total { Some(history::count(&scopes, tx, &checked.part)?) } else { None };
        Ok((scopes, loaded, total))
    });
    let (scopes, loaded, total_count) = found.await?;
    let name = format!("GetCallHistory_{}.csv", call.now.in_zone(&zone).get(..10).unwrap_or_default());
    let result = View::new(call.api(), zone, with).sessions(&scopes, loaded);
    if csv {
        let mut writer = Writer::new(Vec::new());
        if request.with_header {
            writer.write(&view::header(with))?;
        }
        for session in &result {
            writer.write(&session.record()?)?;
        }
        return Ok(Answer::File { name, bytes: writer.finish()? });
    }
    Answer::json(&Response { total_count, count: result.len(), result, timezone, warnings, history_report_id: None })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    /// The ids of what is found.
    async fn found(world: &World, filters: &[(&str, &str)]) -> Vec<i64> {
        let answer = world.ok(&world.owner, "GetCallHistory", filters).await;
        assert_eq!(answer["count"].as_u64(), answer["result"].as_array().map(|rows| rows.len() as u64));
        let mut ids: Vec<i64> = answer["result"].as_array().unwrap().iter().map(|row| row["call_session_history_id"].as_i64().unwrap()).collect();
        let total: Vec<(&str, &str)> = filters.iter().copied().chain([("with_total_count", "true")]).collect();
        let counted = world.ok(&world.owner, "GetCallHistory", &total).await["total_count"].as_u64();
        if !filters.iter().any(|(name, _)| ["count", "offset"].contains(name)) {
            assert_eq!(counted, Some(ids.len() as u64), "{filters:?}");
            let backwards: Vec<(&str, &str)> = filters.iter().copied().chain([("desc_order", "true")]).collect();
            let answer = world.ok(&world.owner, "GetCallHistory", &backwards).await;
            let mut reversed: Vec<i64> = answer["result"].as_array().unwrap().iter().map(|row| row["call_session_history_id"].as_i64().unwrap()).collect();
            reversed.reverse();
            assert_eq!(reversed, ids, "{filters:?}");
        }
        ids.shrink_to_fit();
        ids
    }

    #[on_both_databases]
    async fn an_ended_session_is_shown_with_its_calls(world: World) {
        let account = world.account_id();
        let id = world
            .session(&account, 60, |new, end| {
                new.user_id = Some(77);
                end.custom_data = "order 7".to_owned();
                end.calls = vec![
                    leg("+41791234567", "100"),
                    crate::store::sessions::Leg { successful: false, end_code: 486, end_reason: "Busy Here".to_owned(), ..leg("alice", "100") },
                ];
            })
            .await;
        world.session(&account, 30, |_, end| end.ended_at = crate::wire::Utc(0)).await;
        let flags = [("with_calls", "true"), ("with_records", "true"), ("with_other_resources", "true"), ("timezone", "Europe/Berlin")];
        let answer = world.ok(&world.owner, "GetCallHistory", &flags).await;
        assert_eq!((answer["count"].as_u64(), &answer["timezone"]), (Some(1), &json!("Europe/Berlin")), "a session that lives is no history");
        let row = &answer["result"][0];
        let url = row["log_file_url"].as_str().unwrap();
        assert_eq!(url, world.api.log_url(id));
        assert!(url.starts_with(&format!("https://localhost:8443/logs/{id}/")), "{url}");
        let call_id = row["calls"][0]["call_id"].as_i64().unwrap();
        assert_eq!(
            *row,
            json!({
                "call_session_history_id": id, "account_id": account.parse::<i64>().unwrap(), "application_id": 1,
                "application_name": "shop.owner.cordboard.internal", "rule_name": "all", "user_id": 77, "start_date": "2026-01-01 12:59:00",
                "duration": 6, "initiator_address": "192.0.2.1", "media_server_address": "192.0.2.2", "log_file_url": url,
                "finish_reason": "Normal termination", "custom_data": "order 7", "audio_quality": "Standard", "active": false,
                "records": [], "other_resource_usage": [],
                "calls": [
                    {"call_id": call_id, "start_time": "2026-01-01 13:00:00", "duration": 6, "local_number": "100", "remote_number": "+41791234567",
                     "remote_number_type": "pstn", "incoming": true, "successful": true, "media_server_address": "192.0.2.2",
                     "end_reason": {"code": 200, "details": "Normal call clearing"}},
                    {"call_id": call_id + 1, "start_time": "2026-01-01 13:00:00", "duration": 6, "local_number": "100", "remote_number": "alice",
                     "remote_number_type": "pstn", "incoming": true, "successful": false, "media_server_address": "192.0.2.2",
                     "end_reason": {"code": 486, "details": "Busy Here"}},
                ],
            })
        );
        let plain = world.ok(&world.owner, "GetCallHistory", &[]).await;
        for list in ["calls", "records", "other_resource_usage"] {
            assert!(plain["result"][0].get(list).is_none(), "{list}");
        }
    }

    #[on_both_databases]
    async fn every_filter_finds_its_sessions_in_both_directions(world: World) {
        let (account, shop) = (world.account_id(), world.application("shop").await);
        let (shop_id, alice) = (shop.parse::<i64>().unwrap(), world.user(&shop, "alice").await);
        let user: i64 = alice.parse().unwrap();
        let a = world
            .session(&account, 500, |new, end| {
                (new.application_id, new.rule_name, new.user_id) = (shop_id, "one".to_owned(), Some(user));
                end.custom_data = "x".to_owned();
                end.calls = vec![leg("111", "900"), leg("222", "900"), leg("111", "900")];
            })
            .await;
        let b = world
            .session(&account, 400, |new, end| {
                (new.application_id, new.rule_name) = (shop_id, "two".to_owned());
                end.ended_at = crate::wire::Utc(new.started_at.0 + 60_000);
                end.custom_data = "X".to_owned();
                end.calls = vec![leg("222", "901")];
            })
            .await;
        let c = world
            .session(&account, 300, |new, end| {
                new.application_id = 4_711;
                end.ended_at = crate::wire::Utc(new.started_at.0 + 3_600_000);
                end.custom_data = "x".to_owned();
                end.calls = vec![leg("333", "900"), leg("+44 20", "900")];
            })
            .await;
        let (both, ids) = (format!("{a};{c};999999"), format!("{c};{b};{a}"));
        for (filters, wanted) in [
            (vec![], vec![a, b, c]),
            (vec![("call_session_history_id", both.as_str())], vec![a, c]),
            (vec![("call_session_history_id", ids.as_str()), ("min_duration", "60")], vec![b, c]),
            (vec![("application_id", shop.as_str())], vec![a, b]),
            (vec![("application_name", "shop.owner.voximplant.com")], vec![a, b]),
            (vec![("application_id", "4711")], vec![c]),
            (vec![("application_id", shop.as_str()), ("rule_name", "two")], vec![b]),
            (vec![("application_id", shop.as_str()), ("rule_name", "three")], vec![]),
            (vec![("user_id", alice.as_str())], vec![a]),
            (vec![("remote_number", "111")], vec![a]),
            (vec![("remote_number", "111;222;444")], vec![a, b]),
            (vec![("remote_number", "111"), ("remote_number_list", "[\"333\", 222]")], vec![a, b, c]),
            (vec![("remote_number", "111"), ("remote_number_list", "[]")], vec![a]),
            (vec![("remote_number_list", "[\"+44 20\"]")], vec![c]),
            (vec![("local_number", "900")], vec![a, c]),
            (vec![("local_number", "900"), ("remote_number", "333;222")], vec![a, c]),
            (vec![("call_session_history_custom_data", "x")], vec![a, c]),
            (vec![("call_session_history_custom_data", "x"), ("application_id", shop.as_str())], vec![a]),
            (vec![("call_session_history_custom_data", "x"), ("local_number", "901")], vec![]),
            (vec![("min_duration", "60")], vec![b, c]),
            (vec![("max_duration", "60")], vec![a, b]),
            (vec![("min_duration", "7"), ("max_duration", "60")], vec![b]),
            (vec![("min_duration", "7"), ("remote_number", "222")], vec![b]),
            (vec![("min_duration", "61"), ("max_duration", "60")], vec![]),
            (vec![("from_date", "2026-01-01 11:53:20")], vec![b, c]),
            (vec![("to_date", "2026-01-01 11:53:20")], vec![a, b]),
            (vec![("to_date", "2026-01-01 12:53:20"), ("timezone", "Europe/Berlin"), ("min_duration", "60")], vec![b]),
            (vec![("from_date", "2026-01-01 11:53:20"), ("local_number", "900")], vec![c]),
            (vec![("count", "1"), ("offset", "1")], vec![b]),
            (vec![("remote_number", "111;222"), ("count", "1"), ("offset", "1")], vec![b]),
            (vec![("count", "5"), ("offset", "3")], vec![]),
        ] {
            assert_eq!(found(&world, &filters).await, wanted, "{filters:?}");
        }
    }

    #[on_both_databases]
    async fn many_sessions_come_in_pages_whichever_way_they_are_found(world: World) {
        let account = world.account_id();
        let mut all = Vec::new();
        for number in 0..60_i64 {
            let id = world
                .session(&account, 1_000 - number / 2, |new, end| {
                    new.user_id = Some(number % 3);
                    end.ended_at = crate::wire::Utc(new.started_at.0 + (number % 7) * 1_000);
                    end.calls = vec![leg(&format!("{}", number % 5), "900")];
                })
                .await;
            all.push((number, id));
        }
        for (filters, matches) in [
            (vec![], Box::new(|_| true) as Box<dyn Fn(i64) -> bool>),
            (vec![("user_id", "0;2")], Box::new(|number| number % 3 != 1)),
            (vec![("remote_number", "1;2;4")], Box::new(|number| [1, 2, 4].contains(&(number % 5)))),
            (vec![("remote_number", "1;2;4"), ("user_id", "0;1")], Box::new(|number| [1, 2, 4].contains(&(number % 5)) && number % 3 < 2)),
            (vec![("min_duration", "3")], Box::new(|number| number % 7 >= 3)),
            (vec![("min_duration", "3"), ("user_id", "0;1")], Box::new(|number| number % 7 >= 3 && number % 3 < 2)),
        ] {
            let wanted: Vec<i64> = all.iter().filter(|(number, _)| matches(*number)).map(|(_, id)| *id).collect();
            let mut pages = Vec::new();
            for page in 0..10 {
                let offset = (page * 7).to_string();
                let with_page: Vec<(&str, &str)> = filters.iter().copied().chain([("count", "7"), ("offset", offset.as_str())]).collect();
                pages.extend(found(&world, &with_page).await);
            }
            assert_eq!(pages, wanted, "{filters:?}");
        }
    }

    #[on_both_databases]
    async fn children_are_the_account_s_own(world: World) {
        let (own, child, other) = (world.account_id(), world.child("tenant-a", "a@example.org").await, world.child("tenant-b", "b@example.org").await);
        let a = world.session(&own, 50, |_, _| {}).await;
        let b = world.session(&child, 40, |_, _| {}).await;
        let c = world.session(&other, 30, |_, _| {}).await;
        assert_eq!(found(&world, &[]).await, [a]);
        assert_eq!(found(&world, &[("child_account_id", child.as_str())]).await, [a, b]);
        assert_eq!(found(&world, &[("child_account_id", "all")]).await, [a, b, c]);
        assert_eq!(found(&world, &[("children_calls_only", "true")]).await, [b, c]);
        assert_eq!(found(&world, &[("children_calls_only", "true"), ("child_account_id", other.as_str())]).await, [c]);
        let row = &world.ok(&world.owner, "GetCallHistory", &[("children_calls_only", "true")]).await["result"][0];
        assert_eq!((row["account_id"].to_string(), &row["application_name"]), (child.clone(), &json!("shop.tenant-a.cordboard.internal")));
        let of_child = world.owner.on(&child);
        for stranger in [other.as_str(), own.as_str(), "999999"] {
            assert_eq!(world.refused(&of_child, "GetCallHistory", &[("child_account_id", stranger)]).await, 194, "{stranger}");
        }
        assert_eq!(world.ok(&of_child, "GetCallHistory", &[("call_session_history_id", &format!("{a};{b}"))]).await["count"], 1);
    }

    #[on_both_databases]
    async fn dates_that_are_absent_are_the_last_month_with_a_warning(world: World) {
        let account = world.account_id();
        let old = world.session(&account, 40 * 86_400, |_, _| {}).await;
        let new = world.session(&account, 60, |_, _| {}).await;
        let answer = world.ok(&world.owner, "GetCallHistory", &[]).await;
        assert_eq!((answer["count"].as_u64(), answer["warnings"].as_array().map(Vec::len)), (Some(1), Some(2)));
        assert!(answer["warnings"][1].as_str().unwrap().contains("2025-12-01 12:00:00"), "{answer}");
        assert_eq!(found(&world, &[("from_date", "2025-11-20"), ("to_date", "2026-01-02")]).await, [old, new]);
        let dated = world.ok(&world.owner, "GetCallHistory", &[("from_date", "2025-11-20"), ("to_date", "2026-01-02")]).await;
        assert!(dated.get("warnings").is_none());
        let by_id = world.ok(&world.owner, "GetCallHistory", &[("call_session_history_id", &old.to_string())]).await;
        assert_eq!((by_id["count"].as_u64(), by_id.get("warnings")), (Some(1), None));
        let long = [("from_date", "2025-09-01"), ("to_date", "2026-01-02")];
        assert_eq!(world.refused(&world.owner, "GetCallHistory", &long).await, 569);
        let ids = old.to_string();
        let named = [long[0], long[1], ("call_session_history_id", ids.as_str())];
        assert_eq!(found(&world, &named).await, [old]);
        assert_eq!(world.ok(&world.owner, "GetCallHistory", &[long[0], long[1], ("is_async", "true")]).await["result"], 1);
    }

    #[on_both_databases]
    async fn bad_filters_are_refused(world: World) {
        let shop = world.application("shop").await;
        let many = (1..=1_001).map(|id| id.to_string()).collect::<Vec<_>>().join(";");
        for (filters, code) in [
            (vec![("from_date", "yesterday")], 111),
            (vec![("from_date", "2026-02-01"), ("to_date", "2026-01-01")], 123),
            (vec![("call_session_history_id", many.as_str())], 150),
            (vec![("call_session_history_id", "x")], 150),
            (vec![("rule_name", "all")], 156),
            (vec![("application_id", "999999")], 116),
            (vec![("application_name", "none")], 558),
            (vec![("application_id", shop.as_str()), ("user_id", "999999")], 117),
            (vec![("user_id", many.as_str())], 117),
            (vec![("remote_number", many.as_str())], 101),
            (vec![("remote_number_list", "{}")], 101),
            (vec![("remote_number_list", "[[]]")], 101),
            (vec![("child_account_id", "1")], 194),
            (vec![("offset", "10001")], 101),
            (vec![("count", "-1")], 101),
            (vec![("output", "xls")], 105),
            (vec![("output", "json"), ("is_async", "true")], 105),
            (vec![("timezone", "Mars/Base")], 101),
        ] {
            assert_eq!(world.refused(&world.owner, "GetCallHistory", &filters).await, code, "{filters:?}");
        }
        assert_eq!(world.refused(&world.key(&["Accountant"]).await, "GetCallHistory", &[]).await, 104);
        world.ok(&world.key(&["Support"]).await, "GetCallHistory", &[("offset", "10000"), ("count", "5000")]).await;
    }

    #[on_both_databases]
    async fn a_file_has_the_rows_with_their_calls_as_json(world: World) {
        let account = world.account_id();
        world
            .session(&account, 60, |_, end| {
                end.custom_data = "=1+1; \"x\"\nline".to_owned();
                end.calls = vec![leg("111", "900")];
            })
            .await;
        let file = world.file(&world.owner, "GetCallHistory", &[("output", "csv"), ("with_header", "true"), ("with_calls", "true")]).await;
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(file.as_bytes());
        let columns = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        let cell = |name: &str| row.get(columns.iter().position(|column| column == name).unwrap()).unwrap().to_owned();
        assert_eq!((cell("start_date").as_str(), cell("custom_data").as_str()), ("2026-01-01 11:59:00", "'=1+1; \"x\"\nline"));
        let calls: Value = serde_json::from_str(&cell("calls")).unwrap();
        assert_eq!((&calls[0]["remote_number"], &calls[0]["end_reason"]["code"]), (&json!("111"), &json!(200)));
        let bare = world.file(&world.owner, "GetCallHistory", &[("output", "csv")]).await;
        assert!(!bare.contains("start_date") && !bare.contains("remote_number"), "{bare}");
    }
}
