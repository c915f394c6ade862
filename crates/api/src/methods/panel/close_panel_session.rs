use crate::{methods::prelude::*, store::panel_sessions};

pub const ACCESS: Access = Access::SignedIn;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {}

pub type Response = Done;

/// Signs out of the panel: ends the session that the call came in with.
#[method(ours)]
pub async fn close_panel_session(call: &Call, _request: Request) -> Result<Response> {
    let session = call.caller.panel_session().unwrap_or_default().to_vec();
    call.write(move |account, tx| {
        panel_sessions::close(account, tx, &session)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_session_that_was_closed_is_over_and_the_others_go_on(world: World) {
        let (one, other) = (world.panel(&world.password()).await, world.panel(&world.password()).await);
        world.ok(&one, "ClosePanelSession", &[]).await;
        assert_eq!(world.refused(&one, "GetRules", &[]).await, 100);
        assert_eq!(world.refused(&one, "ClosePanelSession", &[]).await, 100);
        world.ok(&other, "GetRules", &[]).await;
        assert_eq!(world.refused(&world.owner, "ClosePanelSession", &[]).await, 104);
    }

    #[on_both_databases]
    async fn a_session_that_was_closed_meanwhile_writes_nothing(world: World) {
        let session = world.panel(&world.password()).await;
        let call = world.authenticated(&session, "AddApplication").await;
        world.ok(&session, "ClosePanelSession", &[]).await;
        let written = call.write(|_, tx| Ok(crate::store::meta::set(tx, "written", "yes")?)).await;
        assert_eq!(written.err().map(|errors| errors.first_code().0), Some(100));
    }
}
