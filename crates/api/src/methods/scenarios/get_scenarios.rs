use super::ScenarioInfo;
use crate::{
    methods::{applications::full_name, prelude::*},
    store::{applications::Application, scenarios},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Only this scenario.
    #[param(code(SCENARIO_ID))]
    pub scenario_id: Option<i64>,
    /// Part of the name.
    #[param(code(SCENARIO_NAME))]
    pub scenario_name: Option<String>,
    /// Adds the source text, with `scenario_id` or where one scenario alone matches.
    #[param(default("false"))]
    pub with_script: bool,
    /// Page.
    pub page: Page,
    /// Only the folder of this application.
    pub application: Option<One<Application>>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<ScenarioInfo>,
    pub total_count: i64,
    pub count: usize,
    /// The application that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_application_name: Option<String>,
}

/// Lists scenarios.
#[method]
pub async fn get_scenarios(call: &Call, request: Request) -> Result<Response> {
    let settings = call.api().settings.clone();
    call.read(move |account, tx| {
        let application = request.application.map(|application| application.find(account, tx, ())).transpose()?;
        let application_id = application.as_ref().map(|application| application.id);
        let (found, total_count) = scenarios::page(account, tx, application_id, request.scenario_id, request.scenario_name.as_deref(), request.page)?;
        let with_script = request.with_script && total_count == 1;
        let view = |scenario: scenarios::Scenario| {
            let scenario_script = if with_script { Some(scenarios::script(account, tx, scenario.id)?) } else { None };
            Ok(ScenarioInfo { scenario_script, ..ScenarioInfo::of(scenario) })
        };
        let result = found.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        let name = application.map(|application| full_name(&settings, account, &application.name));
        Ok(Response { total_count, count: result.len(), result, application_id, application_name: name.clone(), extended_application_name: name })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_text_comes_for_one_scenario_alone(world: World) {
        for name in ["Hello", "world"] {
            world.ok(&world.owner, "AddScenario", &[("scenario_name", name), ("scenario_script", "// привет")]).await;
        }
        let both = world.ok(&world.owner, "GetScenarios", &[("with_script", "true")]).await;
        assert!(both["result"][0].get("scenario_script").is_none());
        let one = world.ok(&world.owner, "GetScenarios", &[("scenario_name", "hELL"), ("with_script", "true")]).await;
        assert_eq!(one["result"][0]["scenario_script"], "// привет");
        assert_eq!(one["result"][0]["parent"], false);
        assert!(one.get("application_id").is_none());
    }

    #[on_both_databases]
    async fn an_application_filters_its_folder(world: World) {
        let shop = world.application("shop").await;
        world.scenario("shared").await;
        world.ok(&world.owner, "AddScenario", &[("scenario_name", "own"), ("application_name", "shop")]).await;
        let seen = world.ok(&world.owner, "GetScenarios", &[("application_id", &shop)]).await;
        assert_eq!((seen["total_count"].as_i64(), &seen["result"][0]["scenario_name"]), (Some(1), &json!("own")));
        assert_eq!(seen["application_name"], "shop.owner.cordboard.internal");
        assert_eq!(world.refused(&world.owner, "GetScenarios", &[("application_id", "99999")]).await, 116);
        assert_eq!(world.refused(&world.owner, "GetScenarios", &[("scenario_id", "x")]).await, 132);
    }
}
