use super::versions::{self, VersionInfo};
use crate::{
    methods::prelude::*,
    store::{scenario_versions, scenarios::Scenario},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] = &[codes::ARGUMENTS];

#[derive(Request)]
pub struct Request {
    /// The scenario.
    pub scenario: One<Scenario>,
    /// The version's number.
    pub version: i64,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The version with its text.
    pub result: VersionInfo,
}

/// Reads a text that a scenario had.
#[method(ours)]
pub async fn get_scenario_version(call: &Call, request: Request) -> Result<Response> {
    call.read(move |account, tx| {
        let scenario = request.scenario.find(account, tx, None)?;
        let version = versions::find(account, tx, scenario.id, request.version)?;
        let script = scenario_versions::script(account, tx, scenario.id, version.version)?;
        let newest = scenario_versions::newest(account, tx, scenario.id)?;
        Ok(Response { result: VersionInfo { scenario_script: Some(script), ..VersionInfo::of(version, newest) } })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn each_version_has_the_text_of_its_time(world: World) {
        let id = world.scenario("hello").await;
        world.ok(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_script", "let b;")]).await;
        let text = async |version: &str| {
            let seen = world.ok(&world.owner, "GetScenarioVersion", &[("scenario_name", "hello"), ("version", version)]).await;
            (seen["result"]["scenario_script"].as_str().map(str::to_owned), seen["result"]["current"].as_bool())
        };
        assert_eq!(text("1").await, (Some("let a;".to_owned()), Some(false)));
        assert_eq!(text("2").await, (Some("let b;".to_owned()), Some(true)));
    }

    #[on_both_databases]
    async fn an_unknown_version_is_refused(world: World) {
        let id = world.scenario("hello").await;
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.refused(&world.owner, "GetScenarioVersion", &[("scenario_id", id.as_str()), ("version", "2")]).await, 101);
        assert_eq!(world.refused(&world.owner, "GetScenarioVersion", &[("scenario_id", id.as_str())]).await, 134);
        assert_eq!(world.refused(&world.owner.on(&child), "GetScenarioVersion", &[("scenario_id", id.as_str()), ("version", "1")]).await, 132);
    }
}
