use crate::{
    methods::{prelude::*, rules::may_run_with},
    store::{
        applications::Application,
        rules::{self, Rule},
        scenarios::{self, Scenario},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] = &[codes::RULE_SCENARIO_LIMIT, codes::ACCESS_DENIED, codes::KEY_ID];

#[derive(Request)]
pub struct Request {
    /// The scenarios, in order.
    pub scenarios: Many<Scenario>,
    /// The rule.
    pub rule: One<Rule>,
    /// The rule's application; needed with a rule's name that several applications have.
    pub application: Option<One<Application>>,
    /// `true` binds behind the rule's other scenarios, `false` unbinds.
    #[param(default("true"))]
    pub bind: bool,
}

pub type Response = Done;

/// Binds scenarios to a rule, or unbinds them.
///
/// The scenarios must be in the rule's application or shared. Where the rule is bound to a key, the caller needs at least that
/// key's rights.
#[method]
pub async fn bind_scenario(call: &Call, request: Request) -> Result<Response> {
    let (caller, most) = (call.caller.clone(), call.api().settings.limits.rule_scenarios);
    call.write(move |account, tx| {
        let application = request.application.map(|application| application.find(account, tx, ())).transpose()?;
        let rule = request.rule.find(account, tx, application.map(|application| application.id))?;
        may_run_with(&caller, account, tx, rule.bind_key_id.as_deref())?;
        let named: Vec<i64> = request.scenarios.find(account, tx, Some(rule.application_id))?.into_iter().map(|scenario| scenario.id).collect();
        let mut bound: Vec<i64> = scenarios::of_rule(account, tx, rule.id)?.into_iter().map(|scenario| scenario.id).collect();
        if request.bind {
            for id in named {
                if !bound.contains(&id) {
                    bound.push(id);
                }
            }
        } else {
            bound.retain(|id| !named.contains(id));
        }
        if bound.len() as i64 > most {
            return Err(limit(codes::RULE_SCENARIO_LIMIT, "scenarios on a rule", most, "limits.rule_scenarios").into());
        }
        rules::set_scenarios(account, tx, rule.id, &bound)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn scenarios_are_bound_in_order_and_unbound(world: World) {
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        let (a, b, c) = (world.scenario("a").await, world.scenario("b").await, world.scenario("c").await);
        let bound = async || {
            let seen = world.ok(&world.owner, "GetRules", &[("rule_id", rule.as_str()), ("with_scenarios", "true")]).await;
            seen["result"][0]["scenarios"].as_array().into_iter().flatten().map(|scenario| scenario["scenario_id"].to_string()).collect::<Vec<_>>()
        };
        world.ok(&world.owner, "BindScenario", &[("scenario_id", c.as_str()), ("scenario_id", a.as_str()), ("rule_id", &rule)]).await;
        world.ok(&world.owner, "BindScenario", &[("scenario_name", "a;b"), ("rule_name", "all"), ("application_name", "shop")]).await;
        assert_eq!(bound().await, [c.clone(), a.clone(), b.clone()]);
        world.ok(&world.owner, "BindScenario", &[("scenario_id", a.as_str()), ("rule_id", &rule), ("bind", "False")]).await;
        assert_eq!(bound().await, [c, b]);
    }

    #[on_both_databases]
    async fn a_scenario_of_another_application_is_not_found(world: World) {
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        let bank = world.application("bank").await;
        let own = world.ok(&world.owner, "AddScenario", &[("scenario_name", "own"), ("application_id", &bank)]).await["scenario_id"].to_string();
        assert_eq!(world.refused(&world.owner, "BindScenario", &[("scenario_id", own.as_str()), ("rule_id", &rule)]).await, 132);
        assert_eq!(world.refused(&world.owner, "BindScenario", &[("scenario_name", "own"), ("rule_id", &rule)]).await, 168);
        let hello = world.scenario("hello").await;
        assert_eq!(world.refused(&world.owner, "BindScenario", &[("scenario_id", hello.as_str()), ("rule_id", "99999")]).await, 147);
        assert_eq!(world.refused(&world.owner, "BindScenario", &[("scenario_id", hello.as_str()), ("rule_id", rule.as_str()), ("application_id", &bank)]).await, 147);
        assert_eq!(world.refused(&world.owner, "BindScenario", &[("rule_id", &rule)]).await, 134);
        assert_eq!(world.refused(&world.owner, "BindScenario", &[("scenario_id", &hello)]).await, 134);
    }

    #[on_both_databases]
    async fn a_weaker_caller_binds_nothing_to_a_rule_with_a_stronger_key(world: World) {
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("bind_key_id", world.owner.id())]).await;
        let (developer, hello) = (world.key(&["Developer"]).await, world.scenario("hello").await);
        assert_eq!(world.refused(&developer, "BindScenario", &[("scenario_id", hello.as_str()), ("rule_id", &rule)]).await, 104);
    }

    #[on_both_databases]
    async fn the_limit_holds(world: World) {
        let world = world.with(|settings| settings.limits.rule_scenarios = 1).await;
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        let (a, b) = (world.scenario("a").await, world.scenario("b").await);
        assert_eq!(world.refused(&world.owner, "BindScenario", &[("scenario_id", format!("{a};{b}").as_str()), ("rule_id", &rule)]).await, 419);
        assert_eq!(world.ok(&world.owner, "GetRules", &[("rule_id", &rule)]).await["result"][0]["scenarios"], json!([]));
    }
}
