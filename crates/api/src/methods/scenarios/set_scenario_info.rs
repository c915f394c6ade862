use super::versions;
use crate::{
    methods::prelude::*,
    store::scenarios::{self, Scenario},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] = &[codes::SCRIPT_TOO_LONG, codes::SCENARIO_NAME_TAKEN, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The scenario to change.
    #[param(names("required_scenario_name"))]
    pub scenario: One<Scenario>,
    /// The new name.
    #[param(code(SCENARIO_NAME), max_chars(29))]
    pub scenario_name: Option<String>,
    /// The new source text. It may also be the whole body of the request.
    #[param(raw_body)]
    pub scenario_script: Option<String>,
}

pub type Response = Done;

/// Changes the name or text of a scenario.
///
/// Where a rule of the scenario is bound to a key, the caller needs at least that key's rights.
#[method]
pub async fn set_scenario_info(call: &Call, request: Request) -> Result<Response> {
    super::script(request.scenario_script.as_ref())?;
    let (caller, now) = (call.caller.clone(), call.now);
    call.write(move |account, tx| {
        let scenario = request.scenario.find(account, tx, None)?;
        super::may_change(&caller, account, tx, scenario.id)?;
        if let Some(name) = &request.scenario_name
            && scenarios::in_folder(account, tx, scenario.application_id, name)?.is_some_and(|other| other.id != scenario.id)
        {
            return Err(super::name_taken(name).into());
        }
        let saved_by = versions::name_of(&caller, account, tx)?;
        let text = request.scenario_script.as_deref().map(|script| (script, saved_by.as_str()));
        scenarios::update(account, tx, scenario.id, request.scenario_name.as_deref(), text, now)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn id_and_name_together_are_no_error(world: World) {
        let id = world.scenario("hello").await;
        world.ok(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("required_scenario_name", "hello"), ("scenario_script", "let c;")]).await;
        world.ok(&world.owner, "SetScenarioInfo", &[("required_scenario_name", "hello"), ("scenario_name", "bye")]).await;
        let seen = world.ok(&world.owner, "GetScenarios", &[("scenario_id", id.as_str()), ("with_script", "1")]).await;
        assert_eq!((&seen["result"][0]["scenario_name"], &seen["result"][0]["scenario_script"]), (&json!("bye"), &json!("let c;")));
    }

    #[on_both_databases]
    async fn bad_values_have_their_codes(world: World) {
        let id = world.scenario("hello").await;
        world.scenario("bye").await;
        assert_eq!(world.refused(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_name", "bye")]).await, 133);
        assert_eq!(world.refused(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_name", &"x".repeat(30))]).await, 168);
        assert_eq!(world.refused(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_script", &"x".repeat(262_145))]).await, 130);
        assert_eq!(world.refused(&world.owner, "SetScenarioInfo", &[("scenario_id", "99999")]).await, 132);
        assert_eq!(world.refused(&world.owner, "SetScenarioInfo", &[("scenario_name", "x")]).await, 134);
    }

    #[on_both_databases]
    async fn a_weaker_caller_does_not_change_what_runs_with_a_stronger_key(world: World) {
        let rule = world.rule(&world.application("shop").await, "all", ".*").await;
        let id = world.ok(&world.owner, "AddScenario", &[("scenario_name", "hello"), ("rule_id", &rule)]).await["scenario_id"].to_string();
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("bind_key_id", world.owner.id())]).await;
        let developer = world.key(&["Developer"]).await;
        assert_eq!(world.refused(&developer, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_script", "evil")]).await, 104);
        assert_eq!(world.refused(&developer, "DelScenario", &[("scenario_id", &id)]).await, 104);
    }
}
