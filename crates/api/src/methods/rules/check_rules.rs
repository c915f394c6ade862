use super::matching::{COMPILED_AT_ONCE, Verdict, judge, why};
use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        rules::{self, Filter, Rule},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::CallListManager, Role::Support]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Rules;
pub const ERRORS: &[Code] = &[codes::RATE_LIMIT];

#[derive(Request)]
pub struct Request {
    /// The application whose rules are asked.
    pub application: One<Application>,
    /// The destination of a call: a number or a name.
    #[param(max_chars(1_000))]
    pub number: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The application's rules in the order in which they are tried.
    pub result: Vec<CheckedRule>,
}

#[derive(Serialize, JsonSchema)]
pub struct CheckedRule {
    pub rule_id: i64,
    pub rule_name: String,
    pub rule_pattern: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule_pattern_exclude: Option<String>,
    pub verdict: RuleVerdict,
    /// The verdict as a sentence.
    pub why: String,
}

#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleVerdict {
    /// The rule that takes the number.
    Chosen,
    /// It would take the number if no rule above did.
    Matches,
    /// Its exclude pattern matches.
    Excluded,
    NoMatch,
}

/// Says of every rule of an application whether it would take a number, and why.
#[method(ours)]
pub async fn check_rules(call: &Call, request: Request) -> Result<Response> {
    let application_id = call.read(move |account, tx| Ok(request.application.find(account, tx, ())?.id)).await?;
    let filter = Filter { application_id: Some(application_id), ..Filter::default() };
    let _place = call.place()?;
    let (mut result, mut chosen) = (Vec::new(), None);
    for part in 0.. {
        let (filter, page) = (filter.clone(), Page { count: COMPILED_AT_ONCE, offset: part * COMPILED_AT_ONCE });
        let (some, _) = call.read(move |account, tx| Ok(rules::page(account, tx, &filter, page)?)).await?;
        let (last, number) = ((some.len() as i64) < COMPILED_AT_ONCE, request.number.clone());
        let check = move || Ok((some.into_iter().map(|rule| checked(rule, &number, &mut chosen)).collect::<Vec<_>>(), chosen));
        let checked;
        (checked, chosen) = call.compare(check).await?;
        result.extend(checked);
        if last {
            break;
        }
    }
    Ok(Response { result })
}

/// A rule with its verdict. `chosen` is the name of the first that takes the number, once there is one.
fn checked(rule: Rule, number: &str, chosen: &mut Option<String>) -> CheckedRule {
    let verdict = judge(&rule, number);
    let why = why(&rule, number, verdict, chosen.as_deref());
    let verdict = match verdict {
        Verdict::Takes if chosen.is_none() => {
            *chosen = Some(rule.name.clone());
            RuleVerdict::Chosen
        }
        Verdict::Takes => RuleVerdict::Matches,
        Verdict::Excluded => RuleVerdict::Excluded,
        Verdict::NoMatch => RuleVerdict::NoMatch,
    };
    CheckedRule { rule_id: rule.id, rule_name: rule.name, rule_pattern: rule.pattern, rule_pattern_exclude: rule.pattern_exclude, verdict, why }
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn every_rule_has_its_verdict_in_order(world: World) {
        let shop = world.application("shop").await;
        for (name, pattern) in [("short", "44"), ("Moscow", "749[59].+"), ("no-london", ".+"), ("London", "44.+"), ("rest", ".*")] {
            let rule = world.rule(&shop, name, pattern).await;
            if name == "no-london" {
                world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("rule_pattern_exclude", "4420.*")]).await;
            }
        }
        let seen = world.ok(&world.owner, "CheckRules", &[("application_name", "shop"), ("number", "442079460000")]).await;
        let told: Vec<_> = seen["result"].as_array().unwrap().iter().map(|rule| ["rule_name", "verdict", "why"].map(|member| rule[member].as_str().unwrap())).collect();
        let wanted = [
            ["short", "no_match", "The pattern '44' matches only a part of '442079460000'; it must match all of it."],
            ["Moscow", "no_match", "The pattern '749[59].+' does not match '442079460000'."],
            ["no-london", "excluded", "The pattern '.+' matches '442079460000', but the exclude pattern '4420.*' does, too."],
            ["London", "chosen", "The pattern '44.+' matches '442079460000', and no rule above takes it."],
            ["rest", "matches", "Matches, but rule 'London' above takes the number first."],
        ];
        assert_eq!(told, wanted);
        assert_eq!(seen["result"][2]["rule_pattern_exclude"], "4420.*");
        let taking = world.ok(&world.owner, "GetRules", &[("application_name", "shop"), ("template", "442079460000")]).await;
        assert_eq!((&taking["total_count"], &taking["result"][0]["rule_name"]), (&json!(2), &json!("London")));
    }

    #[on_both_databases]
    async fn the_order_decides_who_is_chosen(world: World) {
        let shop = world.application("shop").await;
        let (first, second) = (world.rule(&shop, "first", ".*").await, world.rule(&shop, "second", ".*").await);
        world.ok(&world.owner, "ReorderRules", &[("rule_id", format!("{second};{first}").as_str())]).await;
        let seen = world.ok(&world.owner, "CheckRules", &[("application_id", shop.as_str()), ("number", "1")]).await;
        assert_eq!(
            (&seen["result"][0]["rule_name"], &seen["result"][0]["verdict"], &seen["result"][1]["verdict"]),
            (&json!("second"), &json!("chosen"), &json!("matches"))
        );
    }

    #[on_both_databases]
    async fn an_application_without_rules_has_an_empty_list(world: World) {
        let shop = world.application("shop").await;
        assert_eq!(world.ok(&world.owner, "CheckRules", &[("application_id", shop.as_str()), ("number", "1")]).await, json!({"result": []}));
        assert_eq!(world.refused(&world.owner, "CheckRules", &[("application_id", "99999"), ("number", "1")]).await, 116);
        assert_eq!(world.refused(&world.owner, "CheckRules", &[("application_id", shop.as_str())]).await, 134);
        assert_eq!(world.refused(&world.owner, "CheckRules", &[("application_id", shop.as_str()), ("number", &"1".repeat(1_001))]).await, 101);
        assert_eq!(world.refused(&world.key(&["Accountant"]).await, "CheckRules", &[("application_id", shop.as_str()), ("number", "1")]).await, 104);
    }
}
