use super::versions;
use crate::{
    methods::{prelude::*, rules::may_run_with},
    store::{
        applications::Application,
        rules::{self, Rule},
        scenarios,
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] =
    &[codes::SCRIPT_TOO_LONG, codes::SCENARIO_NAME_TAKEN, codes::SCENARIO_LIMIT, codes::RULE_SCENARIO_LIMIT, codes::RULE_ID, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The scenario's name, unique in its folder.
    #[param(code(SCENARIO_NAME), max_chars(29))]
    pub scenario_name: String,
    /// The source text. It may also be the whole body of the request.
    #[param(raw_body)]
    pub scenario_script: Option<String>,
    /// A rule to bind the scenario to, behind the rule's other scenarios.
    pub rule: Option<One<Rule>>,
    /// Replaces the text of a scenario of this name instead of failing; the id stays.
    #[param(default("false"))]
    pub rewrite: bool,
    /// The application whose folder the scenario is in; without it, all applications share it.
    pub application: Option<One<Application>>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    pub scenario_id: i64,
}

/// Creates a scenario, or replaces one.
///
/// Where a rule of the scenario is bound to a key, the caller needs at least that key's rights.
#[method]
pub async fn add_scenario(call: &Call, request: Request) -> Result<Response> {
    super::script(request.scenario_script.as_ref())?;
    let (caller, limits, now) = (call.caller.clone(), call.api().settings.limits.clone(), call.now);
    call.write(move |account, tx| {
        let application_id = request.application.map(|application| application.find(account, tx, ())).transpose()?.map(|application| application.id);
        let script = request.scenario_script.as_deref().unwrap_or_default();
        let saved_by = versions::name_of(&caller, account, tx)?;
        let scenario_id = match scenarios::in_folder(account, tx, application_id, &request.scenario_name)? {
            Some(_) if !request.rewrite => return Err(super::name_taken(&request.scenario_name).into()),
            Some(present) => {
                super::may_change(&caller, account, tx, present.id)?;
                scenarios::update(account, tx, present.id, None, Some((script, &saved_by)), now)?;
                present.id
            }
            None => {
                if scenarios::count(account, tx)? >= limits.scenarios {
                    return Err(limit(codes::SCENARIO_LIMIT, "scenarios", limits.scenarios, "limits.scenarios").into());
                }
                scenarios::insert(account, tx, application_id, &request.scenario_name, script, &saved_by, now)?
            }
        };
        if let Some(rule) = &request.rule {
            let found = rule.find(account, tx, application_id)?;
            may_run_with(&caller, account, tx, found.bind_key_id.as_deref())?;
            let mut bound: Vec<i64> = scenarios::of_rule(account, tx, found.id)?.into_iter().map(|scenario| scenario.id).collect();
            if !bound.contains(&scenario_id) {
                bound.push(scenario_id);
            }
            if bound.len() as i64 > limits.rule_scenarios {
                return Err(limit(codes::RULE_SCENARIO_LIMIT, "scenarios on a rule", limits.rule_scenarios, "limits.rule_scenarios").into());
            }
            rules::set_scenarios(account, tx, found.id, &bound)?;
        }
        Ok(Response { result: 1, scenario_id })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn rewriting_keeps_the_id(world: World) {
        let id = world.scenario("hello").await;
        assert_eq!(world.refused(&world.owner, "AddScenario", &[("scenario_name", "hello")]).await, 133);
        let again = world.ok(&world.owner, "AddScenario", &[("scenario_name", "hello"), ("scenario_script", "let b;"), ("rewrite", "1")]).await;
        assert_eq!(again["scenario_id"].to_string(), id);
        let seen = world.ok(&world.owner, "GetScenarios", &[("scenario_id", id.as_str()), ("with_script", "true")]).await;
        assert_eq!(seen["result"][0]["scenario_script"], "let b;");
    }

    #[on_both_databases]
    async fn folders_are_apart_and_the_rule_takes_its_own_and_shared_ones(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        world.scenario("hello").await;
        let rule = world.rule(&shop, "all", ".*").await;
        let own = world.ok(&world.owner, "AddScenario", &[("scenario_name", "hello"), ("application_id", shop.as_str()), ("rule_id", &rule)]).await;
        let bound = world.ok(&world.owner, "GetRules", &[("rule_id", &rule)]).await;
        assert_eq!(bound["result"][0]["scenarios"][0]["scenario_id"], own["scenario_id"]);
        assert_eq!(world.refused(&world.owner, "AddScenario", &[("scenario_name", "other"), ("application_id", bank.as_str()), ("rule_id", &rule)]).await, 147);
        assert_eq!(world.ok(&world.owner, "GetScenarios", &[]).await["total_count"], 2);
    }

    #[on_both_databases]
    async fn bad_values_have_their_codes(world: World) {
        let long = "x".repeat(262_145);
        for (name, value, code) in [
            ("scenario_name", &long[..30], 168),
            ("scenario_script", long.as_str(), 130),
            ("rule_id", "99999", 147),
            ("rule_name", "none", 156),
            ("application_name", "none", 558),
        ] {
            let pairs: Vec<_> = [("scenario_name", "hello")].into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect();
            assert_eq!(world.refused(&world.owner, "AddScenario", &pairs).await, code, "{name}");
        }
        assert_eq!(world.refused(&world.owner, "AddScenario", &[]).await, 134);
        assert_eq!(world.ok(&world.owner, "GetScenarios", &[]).await["total_count"], 0);
        world.ok(&world.owner, "AddScenario", &[("scenario_name", "big"), ("scenario_script", &long[..262_144])]).await;
    }

    #[on_both_databases]
    async fn a_weaker_caller_does_not_rewrite_what_runs_with_a_stronger_key(world: World) {
        let shop = world.application("shop").await;
        let rule = world.rule(&shop, "all", ".*").await;
        world.ok(&world.owner, "AddScenario", &[("scenario_name", "hello"), ("rule_id", &rule)]).await;
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("bind_key_id", world.owner.id())]).await;
        let developer = world.key(&["Developer"]).await;
        assert_eq!(world.refused(&developer, "AddScenario", &[("scenario_name", "hello"), ("rewrite", "true")]).await, 104);
        assert_eq!(world.refused(&developer, "AddScenario", &[("scenario_name", "mine"), ("rule_id", &rule)]).await, 104);
        world.ok(&developer, "AddScenario", &[("scenario_name", "mine")]).await;
    }

    #[on_both_databases]
    async fn the_limits_hold(world: World) {
        let world = world.with(|settings| (settings.limits.scenarios, settings.limits.rule_scenarios) = (2, 1)).await;
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        world.ok(&world.owner, "AddScenario", &[("scenario_name", "a"), ("rule_id", &rule)]).await;
        assert_eq!(world.refused(&world.owner, "AddScenario", &[("scenario_name", "b"), ("rule_id", &rule)]).await, 419);
        world.ok(&world.owner, "AddScenario", &[("scenario_name", "b")]).await;
        assert_eq!(world.refused(&world.owner, "AddScenario", &[("scenario_name", "c")]).await, 418);
    }
}
