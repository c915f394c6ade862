use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        rules::{self, Rule},
        scenarios::Scenario,
    },
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Rules;
pub const ERRORS: &[Code] = &[codes::RULE_NAME_TAKEN, codes::KEY_ID, codes::RULE_SCENARIO_LIMIT, codes::ACCESS_DENIED, codes::ARGUMENTS];

#[derive(Request)]
pub struct Request {
    /// The rule's name.
    #[param(code(RULE_NAME), max_chars(99))]
    pub rule_name: String,
    /// A regular expression that the whole destination must match.
    #[param(code(RULE_PATTERN))]
    pub rule_pattern: String,
    /// The rule's application.
    pub application: One<Application>,
    /// A regular expression that the destination must not match.
    #[param(code(RULE_PATTERN_EXCLUDE))]
    pub rule_pattern_exclude: Option<String>,
    /// Whether the rule serves video conferences.
    #[param(default("false"))]
    pub video_conference: bool,
    /// The key whose rights the rule's scenarios have.
    #[param(code(KEY_ID), max_chars(100))]
    pub bind_key_id: Option<String>,
    /// The rule's scenarios, in order.
    pub scenarios: Option<Many<Scenario>>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    pub rule_id: i64,
}

/// Creates a rule behind the application's other rules.
///
/// A key is bound only by a caller with at least its rights.
#[method]
pub async fn add_rule(call: &Call, request: Request) -> Result<Response> {
    super::matching::pattern(codes::RULE_PATTERN, "rule_pattern", &request.rule_pattern)?;
    if let Some(exclude) = &request.rule_pattern_exclude {
        super::matching::pattern(codes::RULE_PATTERN_EXCLUDE, "rule_pattern_exclude", exclude)?;
    }
    let (caller, limits, now) = (call.caller.clone(), call.api().settings.limits.clone(), call.now);
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        super::may_run_with(&caller, account, tx, request.bind_key_id.as_deref())?;
        if rules::count(account, tx, application.id)? >= limits.rules {
            return Err(limit(codes::ARGUMENTS, "rules in an application", limits.rules, "limits.rules").into());
        }
        if Rule::by_name(account, tx, Some(application.id), &request.rule_name)?.is_some() {
            return Err(super::name_taken(&request.rule_name).into());
        }
        let scenarios = request.scenarios.map(|scenarios| scenarios.find(account, tx, Some(application.id))).transpose()?.unwrap_or_default();
        if scenarios.len() as i64 > limits.rule_scenarios {
            return Err(limit(codes::RULE_SCENARIO_LIMIT, "scenarios on a rule", limits.rule_scenarios, "limits.rule_scenarios").into());
        }
        let new = rules::New {
            application_id: application.id,
            name: request.rule_name,
            pattern: request.rule_pattern,
            pattern_exclude: request.rule_pattern_exclude,
            video_conference: request.video_conference,
            bind_key_id: request.bind_key_id,
        };
        let rule_id = rules::insert(account, tx, &new, now)?;
        let ids: Vec<i64> = scenarios.iter().map(|scenario| scenario.id).collect();
        rules::set_scenarios(account, tx, rule_id, &ids)?;
        Ok(Response { result: 1, rule_id })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn empty_alternatives_count_as_absent(world: World) {
        let shop = world.application("shop").await;
        let hello = world.scenario("hello").await;
        let like_the_deploy_tool = [
            ("application_id", shop.as_str()),
            ("application_name", ""),
            ("rule_name", "all"),
            ("rule_pattern", ".*"),
            ("scenario_id", hello.as_str()),
            ("scenario_name", ""),
        ];
        let added = world.ok(&world.owner, "AddRule", &like_the_deploy_tool).await;
        let seen = world.ok(&world.owner, "GetRules", &[("application_id", shop.as_str()), ("rule_id", &added["rule_id"].to_string())]).await;
        assert_eq!(seen["result"][0]["scenarios"][0]["scenario_name"], "hello");
    }

    #[on_both_databases]
    async fn every_bad_value_has_its_code(world: World) {
        let shop = world.application("shop").await;
        world.rule(&shop, "all", ".*").await;
        let own_of_bank = {
            let bank = world.application("bank").await;
            world.ok(&world.owner, "AddScenario", &[("scenario_name", "own"), ("application_id", &bank)]).await["scenario_id"].to_string()
        };
        let long = "x".repeat(100);
        for (name, value, code) in [
            ("rule_name", "all", 175),
            ("rule_name", long.as_str(), 156),
            ("rule_name", "", 134),
            ("rule_pattern", "(", 148),
            ("rule_pattern", "(?!7).*", 148),
            ("rule_pattern", "", 134),
            ("rule_pattern_exclude", "[", 149),
            ("scenario_id", "99999", 132),
            ("scenario_id", own_of_bank.as_str(), 132),
            ("scenario_name", "none", 168),
            ("application_id", "99999", 116),
            ("video_conference", "2", 101),
            ("bind_key_id", "nobody", 433),
        ] {
            let pairs: Vec<_> = [("application_id", shop.as_str()), ("rule_name", "new"), ("rule_pattern", "1.*")]
                .into_iter()
                .filter(|(other, _)| *other != name)
                .chain([(name, value)])
                .collect();
            assert_eq!(world.refused(&world.owner, "AddRule", &pairs).await, code, "{name}={value:.20}");
        }
    }

    #[on_both_databases]
    async fn a_weaker_caller_binds_no_stronger_key(world: World) {
        let shop = world.application("shop").await;
        let developer = world.key(&["Developer"]).await;
        let (owner, mine) = (world.owner.id().to_owned(), developer.id().to_owned());
        let rule = |key| [("application_id", shop.as_str()), ("rule_name", "r"), ("rule_pattern", ".*"), ("bind_key_id", key)];
        assert_eq!(world.refused(&developer, "AddRule", &rule(owner.as_str())).await, 104);
        world.ok(&developer, "AddRule", &rule(mine.as_str())).await;
    }
}
