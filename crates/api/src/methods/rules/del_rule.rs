use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        rules::{self, Rule},
    },
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Rules;
pub const ERRORS: &[Code] = &[codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The rules to delete, or `all` of the application.
    #[param(all)]
    pub rules: Many<Rule>,
    /// The applications whose rules are meant, or `all`; needed with `rule_id=all`.
    #[param(all)]
    pub applications: Option<Many<Application>>,
}

pub type Response = Done;

/// Deletes rules: those named, all of them or none.
///
/// A rule with a key is deleted only by a caller with at least the key's rights.
#[method]
pub async fn del_rule(call: &Call, request: Request) -> Result<Response> {
    if request.rules.is_all() && request.applications.is_none() {
        return Err(Error::field(codes::REQUIRED, "application_id", "'rule_id=all' needs 'application_id' or 'application_name' beside it.").into());
    }
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        let mut doomed = Vec::new();
        match &request.applications {
            None => doomed = request.rules.find(account, tx, None)?,
            Some(applications) => {
                let applications = applications.find(account, tx, ())?;
                if let [only] = applications.as_slice() {
                    doomed = request.rules.find(account, tx, Some(only.id))?;
                } else if request.rules.is_all() {
                    for application in &applications {
                        doomed.extend(Rule::all(account, tx, Some(application.id))?);
                    }
                } else if request.rules.has_names() {
                    let ids: Vec<i64> = applications.iter().map(|application| application.id).collect();
                    doomed = rules::named(account, tx, &ids, request.rules.names())?;
                } else {
                    doomed = request.rules.find(account, tx, None)?;
                    doomed.retain(|rule| applications.iter().any(|application| application.id == rule.application_id));
                }
            }
        }
        for rule in doomed {
            super::may_run_with(&caller, account, tx, rule.bind_key_id.as_deref())?;
            rules::delete(account, tx, rule.id)?;
        }
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn all_needs_an_application(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for (application, name) in [(&shop, "a"), (&shop, "b"), (&bank, "a")] {
            world.rule(application, name, ".*").await;
        }
        let left = async |id: &str| world.ok(&world.owner, "GetRules", &[("application_id", id)]).await["total_count"].as_i64();
        assert_eq!(world.refused(&world.owner, "DelRule", &[("rule_id", "all")]).await, 134);
        assert_eq!(world.refused(&world.owner, "DelRule", &[("rule_name", "a")]).await, 134);
        world.ok(&world.owner, "DelRule", &[("rule_name", "a"), ("application_id", &shop)]).await;
        assert_eq!((left(&shop).await, left(&bank).await), (Some(1), Some(1)));
        world.ok(&world.owner, "DelRule", &[("rule_id", "all"), ("application_id", &shop)]).await;
        assert_eq!((left(&shop).await, left(&bank).await), (Some(0), Some(1)));
        world.ok(&world.owner, "DelRule", &[("rule_id", "all"), ("application_id", "all")]).await;
        assert_eq!(left(&bank).await, Some(0));
    }

    #[on_both_databases]
    async fn one_unknown_rule_saves_the_others(world: World) {
        let shop = world.application("shop").await;
        let rule = world.rule(&shop, "a", ".*").await;
        assert_eq!(world.refused(&world.owner, "DelRule", &[("rule_id", format!("{rule};99999").as_str())]).await, 147);
        assert_eq!(world.refused(&world.owner, "DelRule", &[("rule_name", "none"), ("application_id", &shop)]).await, 156);
        assert_eq!(world.refused(&world.owner, "DelRule", &[]).await, 134);
        world.ok(&world.owner, "DelRule", &[("rule_id", &rule)]).await;
    }
}
