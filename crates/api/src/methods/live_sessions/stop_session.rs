use crate::{methods::prelude::*, store::sessions};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Sessions;
pub const ERRORS: &[Code] = &[codes::CALL_SESSION_HISTORY_ID];

#[derive(Request)]
pub struct Request {
    /// The session to end.
    #[param(code(CALL_SESSION_HISTORY_ID))]
    pub call_session_history_id: i64,
}

pub type Response = Done;

/// Ends a session that runs now; the history says `Terminated administratively`.
#[method(ours)]
pub async fn stop_session(call: &Call, request: Request) -> Result<Response> {
    let id = request.call_session_history_id;
    let unknown = move || Error::field(codes::CALL_SESSION_HISTORY_ID, "call_session_history_id", format!("'call_session_history_id' is invalid: no session {id} runs."));
    call.write(move |account, tx| sessions::of_account(account, tx, id)?.filter(|session| session.ended_at.is_none()).map(|_| ()).ok_or_else(|| unknown().into()))
        .await?;
    if call.api().sessions.stop(call.account.id(), id).await? { Ok(Done::YES) } else { Err(unknown().into()) }
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn only_a_running_session_of_the_account_is_stopped(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let answer = world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await;
        let id = answer["call_session_history_id"].to_string();
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.refused(&world.owner.on(&child), "StopSession", &[("call_session_history_id", &id)]).await, 150);
        world.ok(&world.owner, "StopSession", &[("call_session_history_id", &id)]).await;
        assert_eq!(world.refused(&world.owner, "StopSession", &[("call_session_history_id", &id)]).await, 150);
        assert_eq!(world.refused(&world.owner, "StopSession", &[("call_session_history_id", "x")]).await, 150);
    }
}
