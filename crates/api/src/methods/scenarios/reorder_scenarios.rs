use crate::{
    methods::{prelude::*, rules::may_run_with},
    store::{
        rules::{self, Rule},
        scenarios,
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] = &[codes::ACCESS_DENIED, codes::KEY_ID];

#[derive(Request)]
pub struct Request {
    /// The rule.
    pub rule: One<Rule>,
    /// Scenarios of the rule in the wanted order. Scenarios left out keep their order behind them.
    #[param(code(SCENARIO_ID))]
    pub scenario_id: Option<Vec<i64>>,
}

pub type Response = Done;

/// Sets the order in which a rule's scenarios run.
#[method]
pub async fn reorder_scenarios(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        let rule = request.rule.find(account, tx, None)?;
        may_run_with(&caller, account, tx, rule.bind_key_id.as_deref())?;
        let bound: Vec<i64> = scenarios::of_rule(account, tx, rule.id)?.into_iter().map(|scenario| scenario.id).collect();
        let wanted = request.scenario_id.unwrap_or_default();
        if let Some(stray) = wanted.iter().find(|id| !bound.contains(id)) {
            return Err(Error::field(codes::SCENARIO_ID, "scenario_id", format!("'scenario_id' is invalid: the rule has no scenario {stray}.")).into());
        }
        let rest = bound.into_iter().filter(|id| !wanted.contains(id));
        let order: Vec<i64> = wanted.iter().copied().chain(rest).collect();
        rules::set_scenarios(account, tx, rule.id, &order)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn scenarios_left_out_keep_their_order_behind(world: World) {
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        let mut ids = Vec::new();
        for name in ["a", "b", "c"] {
            ids.push(world.ok(&world.owner, "AddScenario", &[("scenario_name", name), ("rule_id", &rule)]).await["scenario_id"].to_string());
        }
        world.ok(&world.owner, "ReorderScenarios", &[("rule_id", rule.as_str()), ("scenario_id", &ids[2])]).await;
        let seen = world.ok(&world.owner, "GetRules", &[("rule_id", &rule)]).await;
        let order: Vec<_> = seen["result"][0]["scenarios"].as_array().into_iter().flatten().map(|scenario| scenario["scenario_name"].clone()).collect();
        assert_eq!(order, ["c", "a", "b"]);
        let spelled_twice = format!("{0};0{0};+{0}", ids[0]);
        world.ok(&world.owner, "ReorderScenarios", &[("rule_id", rule.as_str()), ("scenario_id", &spelled_twice)]).await;
        let stray = world.scenario("stray").await;
        assert_eq!(world.refused(&world.owner, "ReorderScenarios", &[("rule_id", rule.as_str()), ("scenario_id", &stray)]).await, 132);
        assert_eq!(world.refused(&world.owner, "ReorderScenarios", &[("rule_id", "99999"), ("scenario_id", &stray)]).await, 147);
        assert_eq!(world.refused(&world.owner, "ReorderScenarios", &[("scenario_id", &stray)]).await, 134);
    }
}
