use crate::{methods::prelude::*, store::sessions, wire::Answer};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Sessions;
pub const ERRORS: &[Code] = &[codes::CALL_SESSION_HISTORY_ID];

#[derive(Request)]
pub struct Request {
    /// The session, which has ended.
    #[param(code(CALL_SESSION_HISTORY_ID))]
    pub call_session_history_id: i64,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The recording as JSON: what the session was told at its start, and each input with its moment.
    pub file_content: Vec<u8>,
}

/// Downloads what was recorded of a session, with placeholders in place of secret values.
#[method(ours, answer)]
pub async fn get_session_recording(call: &Call, request: Request) -> Result<Answer> {
    let id = request.call_session_history_id;
    let unknown =
        move |what: &str| Error::field(codes::CALL_SESSION_HISTORY_ID, "call_session_history_id", format!("'call_session_history_id' is invalid: {what} {id}."));
    call.read(move |account, tx| sessions::of_account(account, tx, id)?.map(|_| ()).ok_or_else(|| unknown("there is no session").into())).await?;
    let bytes = call.api().recording(id).await?.ok_or_else(|| unknown("there is no recording of session"))?;
    Ok(Answer::File { name: format!("session-{id}.json"), bytes })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_recording_is_encrypted_and_its_accounts_own(mut world: World) {
        let rule = world.running_rule("shop", "1").await;
        let id = world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await["call_session_history_id"].to_string();
        let params = [("call_session_history_id", id.as_str())];
        assert_eq!(world.refused(&world.owner, "GetSessionRecording", &params).await, 150);
        let number: i64 = id.parse().unwrap();
        world.api.keep_recording(number, b"{\"frames\":[]}").await.unwrap();
        assert_eq!(world.file(&world.owner, "GetSessionRecording", &params).await, "{\"frames\":[]}");
        let path = world.api.recording_path(number);
        assert!(!String::from_utf8_lossy(&std::fs::read(&path).unwrap()).contains("frames"));
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.refused(&world.owner.on(&child), "GetSessionRecording", &params).await, 150);
        // Another session's file does not open in its place.
        let other = world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await["call_session_history_id"].to_string();
        std::fs::copy(&path, world.api.recording_path(other.parse().unwrap())).unwrap();
        let incoming = world.form(&world.owner, "GetSessionRecording", &[("call_session_history_id", &other)]);
        assert!(world.send(incoming).await.get("error").is_some());
        let written = std::fs::File::options().write(true).open(&path).unwrap();
        written.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_millis(world.now().0.unsigned_abs())).unwrap();
        world.advance_ms(8 * 86_400_000);
        world.api.clean(world.now()).await.unwrap();
        assert!(!path.exists());
    }
}
