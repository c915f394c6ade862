use crate::{caller::Witness, methods::prelude::*, store::logon_sessions};

pub const ACCESS: Access = Access::OlderCredentials;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::NOT_LOGGED_IN];

#[derive(Request)]
pub struct Request {}

pub type Response = Done;

/// Ends the session whose `session_id` authenticates the call.
#[method]
pub async fn logout(call: &Call, _request: Request) -> Result<Response> {
    let Witness::Session(session) = call.caller.witness.clone() else {
        return Err(Error::field(codes::NOT_LOGGED_IN, "session_id", "There is no session to end: send the 'session_id' that Logon gave.").into());
    };
    let now = call.now;
    call.write(move |account, tx| {
        logon_sessions::end(account, tx, &session, now)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_session_that_was_logged_out_is_over(world: World) {
        let answer = world.ok(&world.password(), "Logon", &[]).await;
        let session = Who::Older(vec![("session_id".to_owned(), answer["result"].as_str().unwrap_or_default().to_owned())]);
        world.ok(&session, "Logout", &[]).await;
        assert_eq!(world.refused(&session, "GetRules", &[]).await, 137);
        assert_eq!(world.refused(&world.password(), "Logout", &[]).await, 137);
    }
}
