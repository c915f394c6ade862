use crate::{
    methods::prelude::*,
    store::rules::{self, Rule},
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Rules;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Rules of one application in the wanted order. Rules left out keep their order behind them.
    #[param(code(RULE_ID))]
    pub rule_id: Vec<i64>,
}

pub type Response = Done;

/// Sets the order in which an application's rules are tried.
#[method]
pub async fn reorder_rules(call: &Call, request: Request) -> Result<Response> {
    call.write(move |account, tx| {
        let wrong = |text: String| Error::field(codes::RULE_ID, "rule_id", text);
        let mut listed: Vec<Rule> = Vec::new();
        for id in &request.rule_id {
            let rule = Rule::by_id(account, tx, None, *id)?.ok_or_else(|| wrong(format!("'rule_id' is invalid: there is no rule {id}.")))?;
            if listed.first().is_some_and(|first| first.application_id != rule.application_id) {
                return Err(wrong("'rule_id' is invalid: the rules must be of one application.".to_owned()).into());
            }
            listed.push(rule);
        }
        let Some(application_id) = listed.first().map(|rule| rule.application_id) else { return Ok(Done::YES) };
        let rest = Rule::all(account, tx, Some(application_id))?.into_iter().filter(|rule| !request.rule_id.contains(&rule.id));
        let ids: Vec<i64> = request.rule_id.iter().copied().chain(rest.map(|rule| rule.id)).collect();
        for (position, id) in (1..).zip(ids) {
            rules::set_position(account, tx, id, position)?;
        }
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn rules_left_out_keep_their_order_behind(world: World) {
        let shop = world.application("shop").await;
        let mut ids = Vec::new();
        for name in ["a", "b", "c", "d"] {
            ids.push(world.rule(&shop, name, ".*").await);
        }
        world.ok(&world.owner, "ReorderRules", &[("rule_id", format!("{};{}", ids[3], ids[1]).as_str())]).await;
        let seen = world.ok(&world.owner, "GetRules", &[("application_id", &shop)]).await;
        let order: Vec<_> = seen["result"].as_array().into_iter().flatten().map(|rule| rule["rule_name"].clone()).collect();
        assert_eq!(order, ["d", "b", "a", "c"]);
        let last = world.rule(&shop, "e", ".*").await;
        assert_eq!(world.ok(&world.owner, "GetRules", &[("application_id", &shop)]).await["result"][4]["rule_id"].to_string(), last);
    }

    #[on_both_databases]
    async fn rules_of_two_applications_have_no_common_order(world: World) {
        let (a, b) = (world.rule(&world.application("shop").await, "a", ".*").await, world.rule(&world.application("bank").await, "b", ".*").await);
        assert_eq!(world.refused(&world.owner, "ReorderRules", &[("rule_id", a.as_str()), ("rule_id", b.as_str())]).await, 147);
        assert_eq!(world.refused(&world.owner, "ReorderRules", &[("rule_id", format!("{a},{b}").as_str())]).await, 147);
        assert_eq!(world.refused(&world.owner, "ReorderRules", &[("rule_id", "99999")]).await, 147);
        assert_eq!(world.refused(&world.owner, "ReorderRules", &[]).await, 134);
    }
}
