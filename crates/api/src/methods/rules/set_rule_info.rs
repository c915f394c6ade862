use crate::{
    methods::prelude::*,
    store::rules::{self, Changes, Rule},
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Rules;
pub const ERRORS: &[Code] = &[codes::RULE_NAME_TAKEN, codes::KEY_ID, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The rule to change.
    #[param(code(RULE_ID))]
    pub rule_id: i64,
    /// The new name.
    #[param(code(RULE_NAME), max_chars(99))]
    pub rule_name: Option<String>,
    /// A regular expression that the whole destination must match.
    #[param(code(RULE_PATTERN))]
    pub rule_pattern: Option<String>,
    /// A regular expression that the destination must not match.
    #[param(code(RULE_PATTERN_EXCLUDE))]
    pub rule_pattern_exclude: Option<String>,
    /// Whether the rule serves video conferences.
    pub video_conference: Option<bool>,
    /// The key whose rights the rule's scenarios have.
    #[param(code(KEY_ID), max_chars(100))]
    pub bind_key_id: Option<String>,
}

pub type Response = Done;

/// Changes a rule.
///
/// A key is bound, and a rule with a key changed, only by a caller with at least the key's rights.
#[method]
pub async fn set_rule_info(call: &Call, request: Request) -> Result<Response> {
    if let Some(text) = &request.rule_pattern {
        super::matching::pattern(codes::RULE_PATTERN, "rule_pattern", text)?;
    }
    if let Some(text) = &request.rule_pattern_exclude {
        super::matching::pattern(codes::RULE_PATTERN_EXCLUDE, "rule_pattern_exclude", text)?;
    }
    let (caller, now) = (call.caller.clone(), call.now);
    call.write(move |account, tx| {
        let unknown = || Error::field(codes::RULE_ID, "rule_id", format!("'rule_id' is invalid: there is no rule {}.", request.rule_id));
        let rule = Rule::by_id(account, tx, None, request.rule_id)?.ok_or_else(unknown)?;
        super::may_run_with(&caller, account, tx, request.bind_key_id.as_deref())?;
        super::may_run_with(&caller, account, tx, rule.bind_key_id.as_deref())?;
        if let Some(name) = &request.rule_name
            && Rule::by_name(account, tx, Some(rule.application_id), name)?.is_some_and(|other| other.id != rule.id)
        {
            return Err(super::name_taken(name).into());
        }
        let changes = Changes {
            name: request.rule_name,
            pattern: request.rule_pattern,
            pattern_exclude: request.rule_pattern_exclude,
            video_conference: request.video_conference,
            bind_key_id: request.bind_key_id,
        };
        rules::update(account, tx, rule.id, &changes, now)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn only_what_is_sent_changes(world: World) {
        let shop = world.application("shop").await;
        let rule = world.rule(&shop, "all", ".*").await;
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("rule_pattern_exclude", "7.*"), ("bind_key_id", world.owner.id())]).await;
        let seen = world.ok(&world.owner, "GetRules", &[("application_id", shop.as_str()), ("attached_key_id", world.owner.id())]).await;
        assert_eq!((&seen["result"][0]["rule_pattern"], &seen["result"][0]["rule_pattern_exclude"]), (&json!(".*"), &json!("7.*")));
    }

    #[on_both_databases]
    async fn bad_values_have_their_codes(world: World) {
        let shop = world.application("shop").await;
        let rule = world.rule(&shop, "a", ".*").await;
        world.rule(&shop, "b", ".*").await;
        for (name, value, code) in [
            ("rule_name", "b", 175),
            ("rule_pattern", "*", 148),
            ("rule_pattern_exclude", "*", 149),
            ("bind_key_id", "nobody", 433),
            ("rule_id", "99999", 147),
            ("rule_id", "a", 147),
        ] {
            let pairs: Vec<_> = [("rule_id", rule.as_str())].into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect();
            assert_eq!(world.refused(&world.owner, "SetRuleInfo", &pairs).await, code, "{name}");
        }
        assert_eq!(world.refused(&world.owner, "SetRuleInfo", &[("rule_name", "x")]).await, 134);
    }

    #[on_both_databases]
    async fn a_weaker_caller_neither_binds_nor_unbinds_a_stronger_key(world: World) {
        let shop = world.application("shop").await;
        let rule = world.rule(&shop, "a", ".*").await;
        let developer = world.key(&["Developer"]).await;
        assert_eq!(world.refused(&developer, "SetRuleInfo", &[("rule_id", rule.as_str()), ("bind_key_id", world.owner.id())]).await, 104);
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("bind_key_id", world.owner.id())]).await;
        assert_eq!(world.refused(&developer, "SetRuleInfo", &[("rule_id", rule.as_str()), ("bind_key_id", developer.id())]).await, 104);
        assert_eq!(world.refused(&developer, "SetRuleInfo", &[("rule_id", rule.as_str()), ("rule_pattern", "7.*")]).await, 104);
        assert_eq!(world.refused(&developer, "DelRule", &[("rule_id", rule.as_str())]).await, 104);
    }
}
