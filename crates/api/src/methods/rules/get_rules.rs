use super::{
    RuleInfo,
    matching::{COMPILED_AT_ONCE, takes},
};
use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        rules::{self, Filter},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::CallListManager, Role::Support]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Rules;
pub const ERRORS: &[Code] = &[codes::RATE_LIMIT];

#[derive(Request)]
pub struct Request {
    /// Only rules of this application.
    pub application: Option<One<Application>>,
    /// Only this rule.
    #[param(code(RULE_ID))]
    pub rule_id: Option<i64>,
    /// Part of the name.
    #[param(code(RULE_NAME))]
    pub rule_name: Option<String>,
    /// Only rules that serve video conferences, or only others.
    pub video_conference: Option<bool>,
    /// Only rules that are bound to this key.
    #[param(max_chars(100))]
    pub attached_key_id: Option<String>,
    /// Only rules that would take this destination.
    #[param(max_chars(1_000))]
    pub template: Option<String>,
    /// Adds the rules' scenarios; they are always there.
    #[param(default("false"))]
    pub with_scenarios: bool,
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<RuleInfo>,
    pub total_count: i64,
    pub count: usize,
}

/// Lists rules in the order in which they are tried.
#[method]
pub async fn get_rules(call: &Call, request: Request) -> Result<Response> {
    let page = request.page;
    let application = match request.application {
        None => None,
        Some(application) => Some(call.read(move |account, tx| application.find(account, tx, ())).await?.id),
    };
    let filter = Filter {
        application_id: application,
        id: request.rule_id,
        name: request.rule_name,
        video_conference: request.video_conference,
        bind_key_id: request.attached_key_id,
    };
    let (found, total_count) = match request.template {
        None => call.read(move |account, tx| Ok(rules::page(account, tx, &filter, page)?)).await?,
        Some(destination) => taking(call, &filter, &destination, page).await?,
    };
    let load = move |account: &Account, tx: &Tx| found.into_iter().map(|rule| RuleInfo::load(account, tx, rule)).collect::<Result<Vec<_>>>();
    let result = call.read(load).await?;
    Ok(Response { total_count, count: result.len(), result })
}

/// One page of the rules that would take a destination, and how many would in all.
async fn taking(call: &Call, filter: &Filter, destination: &str, page: Page) -> Result<(Vec<rules::Rule>, i64)> {
    let _place = call.place()?;
    let (mut taking, mut total, mut offset) = (Vec::new(), 0, 0);
    loop {
        let (filter, part) = (filter.clone(), Page { count: COMPILED_AT_ONCE, offset });
        let (some, _) = call.read(move |account, tx| Ok(rules::page(account, tx, &filter, part)?)).await?;
        let last = (some.len() as i64) < COMPILED_AT_ONCE;
        let destination = destination.to_owned();
        for rule in call.compare(move || Ok(some.into_iter().filter(|rule| takes(rule, &destination)).collect::<Vec<_>>())).await? {
            if total >= page.offset && (taking.len() as i64) < page.count {
                taking.push(rule);
            }
            total += 1;
        }
        if last {
            return Ok((taking, total));
        }
        offset += COMPILED_AT_ONCE;
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_template_finds_the_rules_that_would_take_it(world: World) {
        let shop = world.application("shop").await;
        world.rule(&shop, "Moscow", "749[59].+").await;
        world.rule(&shop, "London", "44.+").await;
        let excluding = world.rule(&shop, "Rest", ".*").await;
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", excluding.as_str()), ("rule_pattern_exclude", "44.+")]).await;
        let names = async |pairs: &[(&str, &str)]| {
            let all: Vec<_> = pairs.iter().copied().chain([("application_name", "shop")]).collect();
            let seen = world.ok(&world.owner, "GetRules", &all).await;
            seen["result"].as_array().into_iter().flatten().map(|rule| rule["rule_name"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(&[("template", "74951234567")]).await, ["Moscow", "Rest"]);
        assert_eq!(names(&[("template", "442079460000")]).await, ["London"]);
        assert_eq!(names(&[("rule_name", "OND")]).await, ["London"]);
        assert_eq!(names(&[("count", "1"), ("offset", "1")]).await, ["London"]);
        assert_eq!(names(&[("video_conference", "true")]).await, [""; 0]);
    }

    #[on_both_databases]
    async fn an_unknown_application_is_refused(world: World) {
        assert_eq!(world.refused(&world.owner, "GetRules", &[("application_id", "99999")]).await, 116);
        assert_eq!(world.refused(&world.owner, "GetRules", &[("application_name", "none")]).await, 558);
        assert_eq!(world.refused(&world.owner, "GetRules", &[("rule_id", "x")]).await, 147);
        assert_eq!(world.ok(&world.owner, "GetRules", &[]).await, json!({"result": [], "total_count": 0, "count": 0}));
    }
}
