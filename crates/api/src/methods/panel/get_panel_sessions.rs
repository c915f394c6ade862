use super::visible;
use crate::{
    auth::IDLE_MS,
    methods::prelude::*,
    store::panel_sessions::{self, Listed},
};

pub const ACCESS: Access = Access::PanelSession;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<PanelSessionRow>,
    pub total_count: i64,
    pub count: usize,
}

#[derive(Serialize, JsonSchema)]
pub struct PanelSessionRow {
    pub panel_session_id: i64,
    pub created: Utc,
    /// As of the last minute.
    pub last_used: Utc,
    /// When it ends if it is not used before.
    pub expires: Utc,
    /// The address that signed in.
    pub ip: String,
    /// What the browser called itself.
    pub user_agent: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subuser_name: Option<String>,
    /// Whether this is the session that asks.
    pub current: bool,
}

/// Lists who is signed in to the panel: an Owner sees everybody of the account, a subuser itself.
#[method(ours)]
pub async fn get_panel_sessions(call: &Call, request: Request) -> Result<Response> {
    let (caller, now) = (call.caller.clone(), call.now);
    call.read(move |account, tx| {
        let (found, total_count) = panel_sessions::page(account, tx, visible(&caller), now, request.page)?;
        let row = |session: Listed| PanelSessionRow {
            panel_session_id: session.id,
            created: session.created_at,
            last_used: session.last_used_at,
            expires: Utc(session.expires_at.0.min(session.last_used_at.0 + IDLE_MS)),
            ip: session.ip,
            user_agent: session.user_agent,
            subuser_name: session.subuser_name,
            current: caller.panel_session() == Some(&session.token_hash),
        };
        let result: Vec<_> = found.into_iter().map(row).collect();
        Ok(Response { total_count, count: result.len(), result })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn an_owner_sees_everybody_and_a_subuser_itself(mut world: World) {
        world.add_subuser("alice", &["Support"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        world.advance_ms(1_000);
        let owner = world.panel(&world.password()).await;
        let seen = world.ok(&owner, "GetPanelSessions", &[]).await;
        assert_eq!((&seen["total_count"], &seen["count"]), (&json!(2), &json!(2)));
        let (mine, other) = (&seen["result"][0], &seen["result"][1]);
        assert_eq!((&mine["current"], mine.get("subuser_name"), &mine["created"]), (&json!(true), None, &json!("2026-01-01 12:00:01")));
        assert_eq!((&other["current"], &other["subuser_name"], &other["ip"]), (&json!(false), &json!("alice"), &json!("192.0.2.1")));
        assert_eq!((&other["last_used"], &other["expires"]), (&json!("2026-01-01 12:00:00"), &json!("2026-01-02 00:00:00")));
        let seen = world.ok(&alice, "GetPanelSessions", &[]).await;
        assert_eq!((&seen["total_count"], &seen["result"][0]["current"]), (&json!(1), &json!(true)));
        let child = world.child("tenant-1", "t1@example.org").await;
        for who in [&owner, &alice] {
            assert_eq!(world.ok(who, "GetPanelSessions", &[("account_id", &child)]).await["total_count"], 0);
        }
    }

    #[on_both_databases]
    async fn a_use_is_noted_once_a_minute(mut world: World) {
        let owner = world.panel(&world.password()).await;
        let last_used = async |world: &World| world.ok(&owner, "GetPanelSessions", &[]).await["result"][0]["last_used"].clone();
        world.advance_ms(59_999);
        assert_eq!(last_used(&world).await, "2026-01-01 12:00:00");
        world.advance_ms(1);
        assert_eq!(last_used(&world).await, "2026-01-01 12:01:00");
    }
}
