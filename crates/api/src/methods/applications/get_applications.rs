use super::ApplicationInfo;
use crate::{
    methods::{prelude::*, rules::RuleInfo},
    store::{applications, rules},
};

pub const ACCESS: Access =
    Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::Support, Role::Accountant, Role::CallListManager, Role::UserManager]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Applications;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Only this application.
    #[param(code(APPLICATION_ID))]
    pub application_id: Option<i64>,
    /// Part of the full name.
    pub application_name: Option<String>,
    /// Adds the applications' rules.
    #[param(default("false"))]
    pub with_rules: bool,
    /// Adds the applications' rules with their scenarios.
    #[param(default("false"))]
    pub with_scenarios: bool,
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<ApplicationInfo>,
    pub total_count: i64,
    pub count: usize,
}

/// Lists applications.
#[method]
pub async fn get_applications(call: &Call, request: Request) -> Result<Response> {
    let settings = call.api().settings.clone();
    call.read(move |account, tx| {
        let suffix = super::suffix(&settings, account);
        // Stored project files name applications under the original's domain.
        let part = request.application_name.map(|part| part.replace(".voximplant.com", &format!(".{}", settings.domain)));
        let (found, total_count) = applications::page(account, tx, request.application_id, part.as_deref(), &suffix, request.page)?;
        let view = |application: applications::Application| {
            let mut with_rules = None;
            if request.with_rules || request.with_scenarios {
                let filter = rules::Filter { application_id: Some(application.id), ..rules::Filter::default() };
                let (found, _) = rules::page(account, tx, &filter, Page::first(i64::MAX))?;
                with_rules = Some(found.into_iter().map(|rule| RuleInfo::load(account, tx, rule)).collect::<Result<_>>()?);
            }
            Ok(ApplicationInfo::of(&settings, account, application, with_rules))
        };
        let result = found.into_iter().map(view).collect::<Result<Vec<_>>>()?;
        Ok(Response { total_count, count: result.len(), result })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn applications_are_found_by_part_of_the_full_name(world: World) {
        let shop = world.application("shop").await;
        world.application("bank").await;
        for part in ["SHO", "shop.owner.cordboard.internal", "shop.owner.voximplant.com"] {
            let found = world.ok(&world.owner, "GetApplications", &[("application_name", part)]).await;
            assert_eq!((found["total_count"].as_i64(), found["result"][0]["application_id"].to_string()), (Some(1), shop.clone()), "{part}");
        }
        assert_eq!(world.ok(&world.owner, "GetApplications", &[("application_name", "o_p")]).await["total_count"], 0);
        assert_eq!(world.ok(&world.owner, "GetApplications", &[("application_id", "99999")]).await["result"], json!([]));
    }

    #[on_both_databases]
    async fn rules_and_scenarios_come_when_asked(world: World) {
        let shop = world.application("shop").await;
        let rule = world.rule(&shop, "all", ".*").await;
        world.ok(&world.owner, "BindScenario", &[("rule_id", rule.as_str()), ("scenario_id", &world.scenario("hello").await)]).await;
        let seen = world.ok(&world.owner, "GetApplications", &[("application_id", shop.as_str()), ("with_scenarios", "true")]).await;
        assert_eq!(seen["result"][0]["rules"][0]["scenarios"][0]["scenario_name"], "hello");
        assert!(world.ok(&world.owner, "GetApplications", &[]).await["result"][0].get("rules").is_none());
    }

    #[on_both_databases]
    async fn all_pages_together_are_everything(world: World) {
        for name in ["shop", "bank", "club"] {
            world.application(name).await;
        }
        let page = world.ok(&world.owner, "GetApplications", &[("count", "2"), ("offset", "2")]).await;
        assert_eq!((page["count"].as_i64(), page["total_count"].as_i64()), (Some(2), Some(4)));
        let everything = world.ok(&world.owner, "GetApplications", &[("count", "999999")]).await;
        assert_eq!(everything["count"], 4);
    }
}
