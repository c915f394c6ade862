use crate::{
    calls::Revoked,
    methods::{prelude::*, rules::may_run_with},
    store::{
        applications::{self, Application},
        rules,
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Applications;
pub const ERRORS: &[Code] = &[codes::ACCESS_DENIED, codes::KEY_ID];

#[derive(Request)]
pub struct Request {
    /// The applications to delete, or `all`.
    #[param(all)]
    pub applications: Many<Application>,
}

pub type Response = Done;

/// Deletes applications with their users, rules and scenarios: those named, all of them or none.
///
/// Where a rule is bound to a key, the caller needs at least that key's rights.
#[method]
pub async fn del_application(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write_and_revoke(move |account, tx| {
        let mut revoked = Vec::new();
        for application in request.applications.find(account, tx, ())? {
            for key_id in rules::keys_of_application(account, tx, application.id)? {
                may_run_with(&caller, account, tx, Some(&key_id))?;
            }
            applications::delete(account, tx, application.id)?;
            revoked.push(Revoked::Application { account_id: account.id(), application_id: application.id });
        }
        Ok((Done::YES, revoked))
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn what_the_application_held_goes_with_it(world: World) {
        let shop = world.application("shop").await;
        world.user(&shop, "alice").await;
        let rule = world.rule(&shop, "all", ".*").await;
        let own = world.ok(&world.owner, "AddScenario", &[("scenario_name", "own"), ("application_id", &shop)]).await;
        let shared = world.scenario("shared").await;
        world.ok(&world.owner, "BindScenario", &[("rule_id", rule.as_str()), ("scenario_id", shared.as_str()), ("scenario_id", &own["scenario_id"].to_string())]).await;
        world.ok(&world.owner, "DelApplication", &[("application_id", &shop)]).await;
        assert_eq!(world.refused(&world.owner, "GetUsers", &[("application_id", &shop)]).await, 116);
        let left = world.ok(&world.owner, "GetScenarios", &[]).await;
        assert_eq!((left["total_count"].as_i64(), left["result"][0]["scenario_id"].to_string()), (Some(1), shared));
    }

    #[on_both_databases]
    async fn a_weaker_caller_deletes_nothing_that_runs_with_a_stronger_key(world: World) {
        let shop = world.application("shop").await;
        let rule = world.rule(&shop, "all", ".*").await;
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("bind_key_id", world.owner.id())]).await;
        assert_eq!(world.refused(&world.key(&["Editor"]).await, "DelApplication", &[("application_id", &shop)]).await, 104);
    }

    #[on_both_databases]
    async fn one_unknown_application_saves_the_others(world: World) {
        let shop = world.application("shop").await;
        assert_eq!(world.refused(&world.owner, "DelApplication", &[("application_id", format!("{shop};99999").as_str())]).await, 116);
        assert_eq!(world.refused(&world.owner, "DelApplication", &[("application_name", "shop;nothing")]).await, 558);
        assert_eq!(world.refused(&world.owner, "DelApplication", &[]).await, 134);
        assert_eq!(world.refused(&world.key(&["Admin"]).await, "DelApplication", &[("application_id", "all")]).await, 104);
        world.ok(&world.owner, "DelApplication", &[("application_name", "shop.owner.voximplant.com")]).await;
        world.ok(&world.owner, "DelApplication", &[("application_id", "all")]).await;
        assert_eq!(world.ok(&world.owner, "GetApplications", &[]).await["total_count"], 0);
    }
}
