use crate::{links::may_read_secure_logs, methods::prelude::*, store::sessions};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::Support]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Sessions;
pub const ERRORS: &[Code] = &[codes::CALL_SESSION_HISTORY_ID];

/// Bytes of a log that one call gives at most.
const BYTES: usize = 256 * 1024;

#[derive(Request)]
pub struct Request {
    /// The session, running or ended.
    #[param(code(CALL_SESSION_HISTORY_ID))]
    pub call_session_history_id: i64,
    /// Where to read on: `next_offset` of the call before, or 0.
    #[param(default("0"), min(0))]
    pub offset: i64,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// Whole lines of the log from `offset` on.
    pub result: String,
    /// Where the next call reads on.
    pub next_offset: i64,
    /// Whether the session still runs, so that more may come.
    pub active: bool,
}

/// Reads the log of a session while it grows, and after.
///
/// That of a session with secure storage is for the roles that may follow its link: not for Editor and Viewer.
#[method(ours)]
pub async fn get_session_log(call: &Call, request: Request) -> Result<Response> {
    let id = request.call_session_history_id;
    let unknown =
        move || Error::field(codes::CALL_SESSION_HISTORY_ID, "call_session_history_id", format!("'call_session_history_id' is invalid: there is no session {id}."));
    let session = call.read(move |account, tx| sessions::of_account(account, tx, id)?.ok_or_else(|| unknown().into())).await?;
    if session.secure && !may_read_secure_logs(&call.caller) {
        return Err(Error::new(codes::ACCESS_DENIED, "The logs of this application are kept secure: your roles do not allow to read them.").into());
    }
    let logs = call.api().logs();
    let offset = u64::try_from(request.offset).unwrap_or_default();
    let active = session.ended_at.is_none();
    let broken = |what: String| Error::internal(codes::INTERNAL, format!("the log of session {id}: {what}"));
    let read = tokio::task::spawn_blocking(move || logs.read(id, offset, BYTES)).await.map_err(|error| broken(error.to_string()))?;
    let mut bytes = read.map_err(|error| broken(error.to_string()))?;
    // A line that goes over the end of this piece comes whole with the next call.
    if let Some(end) = bytes.iter().rposition(|byte| *byte == b'\n') {
        bytes.truncate(end + 1);
    }
    let next_offset = request.offset.saturating_add(i64::try_from(bytes.len()).unwrap_or_default());
    Ok(Response { result: String::from_utf8_lossy(&bytes).into_owned(), next_offset, active })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_log_is_read_while_it_grows(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let answer = world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await;
        let id = answer["call_session_history_id"].to_string();
        let logs = world.api.logs();
        logs.append(id.parse().unwrap(), ["one", "two"]).unwrap();
        let first = world.ok(&world.owner, "GetSessionLog", &[("call_session_history_id", &id)]).await;
        assert_eq!((&first["result"], &first["next_offset"], &first["active"]), (&json!("one\ntwo\n"), &json!(8), &json!(true)));
        logs.append(id.parse().unwrap(), ["three"]).unwrap();
        let next = world.ok(&world.owner, "GetSessionLog", &[("call_session_history_id", id.as_str()), ("offset", "8")]).await;
        assert_eq!((&next["result"], &next["next_offset"]), (&json!("three\n"), &json!(14)));
        let beyond = world.ok(&world.owner, "GetSessionLog", &[("call_session_history_id", id.as_str()), ("offset", "9223372036854775807")]).await;
        assert_eq!(beyond["result"], "");
        assert_eq!(world.ok(&world.key(&["Viewer"]).await, "GetSessionLog", &[("call_session_history_id", &id)]).await["next_offset"], 14);
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.refused(&world.owner.on(&child), "GetSessionLog", &[("call_session_history_id", &id)]).await, 150);
    }

    #[on_both_databases]
    async fn a_secure_log_is_for_those_who_may_follow_its_link(world: World) {
        let id = world.session(&world.account_id(), 60, |new, _| new.secure = true).await.to_string();
        let session = [("call_session_history_id", id.as_str())];
        for role in ["Viewer", "Editor"] {
            assert_eq!(world.refused(&world.key(&[role]).await, "GetSessionLog", &session).await, 104);
        }
        for who in [world.key(&["Support"]).await, world.password()] {
            world.ok(&who, "GetSessionLog", &session).await;
        }
    }
}
