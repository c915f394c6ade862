use super::versions;
use crate::{
    methods::prelude::*,
    store::{
        scenario_versions,
        scenarios::{self, Scenario},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] = &[codes::ARGUMENTS, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The scenario.
    pub scenario: One<Scenario>,
    /// The version whose text the scenario gets.
    pub version: i64,
}

pub type Response = Done;

/// Gives a scenario the text of an earlier version, which becomes its newest version.
///
/// Where a rule of the scenario is bound to a key, the caller needs at least that key's rights.
#[method(ours)]
pub async fn restore_scenario_version(call: &Call, request: Request) -> Result<Response> {
    let (caller, now) = (call.caller.clone(), call.now);
    call.write(move |account, tx| {
        let scenario = request.scenario.find(account, tx, None)?;
        super::may_change(&caller, account, tx, scenario.id)?;
        let version = versions::find(account, tx, scenario.id, request.version)?;
        let script = scenario_versions::script(account, tx, scenario.id, version.version)?;
        scenarios::update(account, tx, scenario.id, None, Some((&script, &versions::name_of(&caller, account, tx)?)), now)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_text_of_a_version_comes_back_as_a_new_one(world: World) {
        let id = world.scenario("hello").await;
        world.ok(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_script", "let b;")]).await;
        let first = [("scenario_id", id.as_str()), ("version", "1")];
        world.ok(&world.owner, "RestoreScenarioVersion", &first).await;
        let seen = world.ok(&world.owner, "GetScenarios", &[("scenario_id", id.as_str()), ("with_script", "true")]).await;
        assert_eq!(seen["result"][0]["scenario_script"], "let a;");
        let newest = world.ok(&world.owner, "GetScenarioVersions", &[("scenario_id", id.as_str())]).await;
        assert_eq!((&newest["total_count"], &newest["result"][0]["version"], &newest["result"][0]["current"]), (&json!(3), &json!(3), &json!(true)));
        world.ok(&world.owner, "RestoreScenarioVersion", &first).await;
        assert_eq!(world.ok(&world.owner, "GetScenarioVersions", &[("scenario_id", id.as_str())]).await["total_count"], 3);
        assert_eq!(world.refused(&world.owner, "RestoreScenarioVersion", &[("scenario_id", id.as_str()), ("version", "4")]).await, 101);
    }

    #[on_both_databases]
    async fn a_weaker_caller_does_not_restore_what_runs_with_a_stronger_key(world: World) {
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        let id = world.ok(&world.owner, "AddScenario", &[("scenario_name", "hello"), ("scenario_script", "evil"), ("rule_id", &rule)]).await["scenario_id"].to_string();
        world.ok(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_script", "good")]).await;
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("bind_key_id", world.owner.id())]).await;
        let developer = world.key(&["Developer"]).await;
        assert_eq!(world.refused(&developer, "RestoreScenarioVersion", &[("scenario_id", id.as_str()), ("version", "1")]).await, 104);
        let seen = world.ok(&world.owner, "GetScenarios", &[("scenario_id", id.as_str()), ("with_script", "true")]).await;
        assert_eq!(seen["result"][0]["scenario_script"], "good");
        assert_eq!(world.refused(&world.key(&["Viewer"]).await, "RestoreScenarioVersion", &[("scenario_id", id.as_str()), ("version", "1")]).await, 104);
    }
}
