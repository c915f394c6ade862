use crate::{
    methods::prelude::*,
    store::scenarios::{self, Scenario},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] = &[codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The scenarios to delete, or `all`.
    #[param(all)]
    pub scenarios: Many<Scenario>,
}

pub type Response = Done;

/// Deletes scenarios and unbinds them from their rules: those named, all of them or none.
#[method]
pub async fn del_scenario(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        for scenario in request.scenarios.find(account, tx, None)? {
            super::may_change(&caller, account, tx, scenario.id)?;
            scenarios::delete(account, tx, scenario.id)?;
        }
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_deleted_scenario_leaves_its_rules(world: World) {
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        for name in ["a", "b"] {
            world.ok(&world.owner, "AddScenario", &[("scenario_name", name), ("rule_id", &rule)]).await;
        }
        world.ok(&world.owner, "DelScenario", &[("scenario_name", "a")]).await;
        let seen = world.ok(&world.owner, "GetRules", &[("rule_id", &rule)]).await;
        assert_eq!(seen["result"][0]["scenarios"].as_array().map(Vec::len), Some(1));
        world.ok(&world.owner, "DelScenario", &[("scenario_id", "all")]).await;
        assert_eq!(world.ok(&world.owner, "GetScenarios", &[]).await["total_count"], 0);
    }

    #[on_both_databases]
    async fn unknown_and_ambiguous_scenarios_save_the_rest(world: World) {
        let hello = world.scenario("hello").await;
        assert_eq!(world.refused(&world.owner, "DelScenario", &[("scenario_id", format!("{hello};99999").as_str())]).await, 132);
        assert_eq!(world.refused(&world.owner, "DelScenario", &[("scenario_name", "hello;none")]).await, 168);
        world.ok(&world.owner, "AddScenario", &[("scenario_name", "hello"), ("application_id", &world.application("shop").await)]).await;
        assert_eq!(world.refused(&world.owner, "DelScenario", &[("scenario_name", "hello")]).await, 168);
        assert_eq!(world.refused(&world.owner, "DelScenario", &[]).await, 134);
        assert_eq!(world.ok(&world.owner, "GetScenarios", &[]).await["total_count"], 2);
    }
}
