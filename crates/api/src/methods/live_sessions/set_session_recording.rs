use crate::{
    methods::prelude::*,
    store::applications::{self, Application},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Applications;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The application whose sessions are meant.
    pub application: One<Application>,
    /// Whether the inputs of its sessions are kept; sessions that run already go on as they began.
    pub record_sessions: bool,
}

pub type Response = Done;

/// Switches on or off that the inputs of an application's sessions are kept, so that they can be played again.
///
/// A recording is encrypted, holds placeholders in place of secret values, and is deleted after the days of the setting
/// `session_recording_days`. It is off unless it was switched on.
#[method(ours)]
pub async fn set_session_recording(call: &Call, request: Request) -> Result<Response> {
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        applications::set_recorded(account, tx, application.id, request.record_sessions)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn sessions_are_recorded_only_while_it_is_switched_on(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let start = [("rule_id", rule.as_str())];
        world.ok(&world.owner, "StartScenarios", &start).await;
        world.ok(&world.owner, "SetSessionRecording", &[("application_name", "shop"), ("record_sessions", "true")]).await;
        world.ok(&world.owner, "StartScenarios", &start).await;
        world.ok(&world.owner, "SetSessionRecording", &[("application_name", "shop"), ("record_sessions", "false")]).await;
        world.ok(&world.owner, "StartScenarios", &start).await;
        assert_eq!(world.started().iter().map(|start| start.recorded).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(world.refused(&world.owner, "SetSessionRecording", &[("application_name", "shop"), ("record_sessions", "maybe")]).await, 101);
        let developer = world.key(&["Developer"]).await;
        assert_eq!(world.refused(&developer, "SetSessionRecording", &[("application_name", "shop"), ("record_sessions", "true")]).await, 104);
    }
}
