use crate::methods::prelude::*;

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::Support]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Sessions;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<LiveSession>,
    pub total_count: usize,
    pub count: usize,
}

#[derive(Serialize, JsonSchema)]
pub struct LiveSession {
    pub call_session_history_id: i64,
    pub application_id: i64,
    pub application_name: String,
    pub rule_id: i64,
    pub rule_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<i64>,
    pub start_date: Utc,
    /// Whole seconds so far.
    pub duration: i64,
    pub custom_data: String,
}

/// Lists the sessions of the account that run now, the oldest first.
#[method(ours)]
pub async fn get_live_sessions(call: &Call, request: Request) -> Result<Response> {
    let (offset, count) = (usize::try_from(request.page.offset).unwrap_or(usize::MAX), usize::try_from(request.page.count).unwrap_or(usize::MAX));
    let (live, total_count) = call.api().sessions.list(call.account.id(), offset, count).await?;
    let now = call.now;
    let view = |session: crate::live::Live| LiveSession {
        call_session_history_id: session.session_id,
        application_id: session.application_id,
        application_name: session.application_name,
        rule_id: session.rule_id,
        rule_name: session.rule_name,
        user_id: session.user_id,
        start_date: session.started_at,
        duration: (now.0 - session.started_at.0).max(0) / 1_000,
        custom_data: session.custom_data,
    };
    let result: Vec<LiveSession> = live.into_iter().map(view).collect();
    Ok(Response { total_count, count: result.len(), result })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn an_account_sees_its_own_sessions_alone(world: World) {
        let rule = world.running_rule("shop", "1").await;
        for _ in 0..3 {
            world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await;
        }
        let page = world.ok(&world.owner, "GetLiveSessions", &[("count", "2"), ("offset", "2")]).await;
        assert_eq!((&page["total_count"], &page["count"], &page["result"][0]["rule_name"]), (&json!(3), &json!(1), &json!("run")));
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.ok(&world.owner.on(&child), "GetLiveSessions", &[]).await["total_count"], 0);
    }
}
