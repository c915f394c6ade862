use super::visible;
use crate::{methods::prelude::*, store::panel_sessions};

pub const ACCESS: Access = Access::PanelSession;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::SESSION_ID];

#[derive(Request)]
pub struct Request {
    /// The panel session to end, as GetPanelSessions lists it.
    #[param(code(SESSION_ID))]
    pub panel_session_id: i64,
}

pub type Response = Done;

/// Ends a panel session: an Owner anybody's of the account, a subuser its own.
#[method(ours)]
pub async fn del_panel_session(call: &Call, request: Request) -> Result<Response> {
    let (caller, id) = (call.caller.clone(), request.panel_session_id);
    let unknown = move || Error::field(codes::SESSION_ID, "panel_session_id", format!("'panel_session_id' is invalid: there is no panel session {id}."));
    call.write(move |account, tx| if panel_sessions::end(account, tx, visible(&caller), id)? { Ok(Done::YES) } else { Err(unknown().into()) }).await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    async fn id(world: &World, who: &Who) -> String {
        world.ok(who, "GetPanelSession", &[]).await["result"]["panel_session_id"].to_string()
    }

    #[on_both_databases]
    async fn a_session_that_was_revoked_is_over(world: World) {
        let (one, other) = (world.panel(&world.password()).await, world.panel(&world.password()).await);
        world.ok(&one, "DelPanelSession", &[("panel_session_id", &id(&world, &other).await)]).await;
        assert_eq!(world.refused(&other, "GetRules", &[]).await, 100);
        world.ok(&one, "GetRules", &[]).await;
    }

    #[on_both_databases]
    async fn a_subuser_finds_its_own_sessions_alone(world: World) {
        world.add_subuser("alice", &["Admin"]).await;
        world.add_subuser("carol", &["Admin"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        let again = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        let (carol, owner) = (world.panel(&world.subuser("carol", SUBUSER_PASSWORD)).await, world.panel(&world.password()).await);
        for other in [&carol, &owner] {
            assert_eq!(world.refused(&alice, "DelPanelSession", &[("panel_session_id", &id(&world, other).await)]).await, 161);
            world.ok(other, "GetRules", &[]).await;
        }
        world.ok(&alice, "DelPanelSession", &[("panel_session_id", &id(&world, &again).await)]).await;
        assert_eq!(world.refused(&again, "GetRules", &[]).await, 100);
        world.ok(&owner, "DelPanelSession", &[("panel_session_id", &id(&world, &carol).await)]).await;
        assert_eq!(world.refused(&carol, "GetRules", &[]).await, 100);
    }
}
