use super::{SipApplication, explanation};
use crate::{
    Api,
    error::{Result, quote},
    methods::rules::matching::{COMPILED_AT_ONCE, judge, takes, takes_quickly, why},
    scenario::start::Plan,
    store::{
        applications::Application,
        db::Tx,
        rules::{self, Rule},
    },
    things::{Page, Thing},
};

/// Rules that are tried where the call stands; more are tried among the other comparisons.
const AT_ONCE: i64 = 100;

/// Rules whose sentences an explanation has.
const EXPLAINED: usize = 25;

/// Characters of a destination that rules are asked about. As for `CheckRules`.
const LONGEST: usize = 1_000;

/// What the rules of an application make of a call.
#[derive(Clone, Debug)]
pub enum Routing {
    /// The first rule that takes the destination, and what it runs: for `Api::open_session`, once the server has admitted it.
    Routed(Box<Plan>),
    /// To be answered 404.
    NotRouted(NotRouted),
}

/// No rule takes the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRouted {
    /// A rule that takes the destination but has no scenario to run, by id and name.
    pub rule: Option<(i64, String)>,
    /// Every rule with its reason, one a line, within what is kept of an explanation.
    pub explanation: String,
}

impl NotRouted {
    fn because(rule: Option<(i64, String)>, explanation: &str) -> Routing {
        Routing::NotRouted(Self { rule, explanation: explanation::bounded(explanation) })
    }
}

/// Which rule takes a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By<'a> {
    /// The first whose patterns take the destination.
    Patterns,
    /// The one of this name, whatever its patterns: the configuration binds the number to it.
    Rule(&'a str),
}

/// What was found of one piece of the rules.
enum Tried {
    Plan(Box<Plan>),
    /// It takes the destination and has no scenario.
    Empty(Rule),
    /// None of these; their sentences.
    None {
        last: bool,
        sentences: Vec<String>,
    },
    /// A pattern is too large to be compiled here.
    Slow,
}

impl Api {
    /// Finds the rule that takes a call to `destination` (the user part of the request's URI, or the called number) in an
    /// application, and reads what it runs. `user_id` is the application's user who calls, if it is one.
    ///
    /// One read for up to 100 rules. 340 when too many calls of the account are among too many rules at once.
    pub async fn route(&self, application: &SipApplication, user_id: Option<i64>, destination: &str, by: By<'_>) -> Result<Routing> {
        if let By::Rule(name) = by {
            return self.route_to(application, user_id, destination, name).await;
        }
        if destination.chars().nth(LONGEST).is_some() {
            return Ok(NotRouted::because(None, &format!("The destination has more than {LONGEST} characters.")));
        }
        let (of, asked) = (application.clone(), destination.to_owned());
        let mut found = self.db.read(move |tx| attempt(&of, tx, user_id, &asked)).await?;
        let (mut sentences, mut tried) = (Vec::new(), if matches!(found, Tried::Slow) { 0 } else { AT_ONCE });
        let mut place = None;
        loop {
            match found {
                Tried::Plan(plan) => return Ok(Routing::Routed(plan)),
                Tried::Empty(rule) => {
                    let text = format!("The rule {} takes {} but has no scenario; bind one with BindScenario.", quote(&rule.name), quote(destination));
                    return Ok(NotRouted::because(Some((rule.id, rule.name)), &text));
                }
                Tried::None { last, sentences: some } => {
                    sentences.extend(some);
                    if last {
                        break;
                    }
                }
                Tried::Slow => {}
            }
            if place.is_none() {
                place = Some(self.place(application.account.id())?);
            }
            found = self.attempt_among_others(application, user_id, destination, tried).await?;
            tried += COMPILED_AT_ONCE;
        }
        let text = if sentences.is_empty() {
            format!("The application {} has no rules.", quote(&application.short_name))
        } else {
            format!("No rule of the application {} takes {}.\n{}", quote(&application.short_name), quote(destination), sentences.join("\n"))
        };
        Ok(NotRouted::because(None, &text))
    }

    /// Asks the rules behind `offset` others, away from the request threads.
    async fn attempt_among_others(&self, application: &SipApplication, user_id: Option<i64>, destination: &str, offset: i64) -> Result<Tried> {
        let (account, application_id, destination) = (application.account.clone(), application.id, destination.to_owned());
        let page = Page { count: COMPILED_AT_ONCE, offset };
        let some = self.db.read(move |tx| Ok(rules::in_order(&account, tx, application_id, page)?)).await?;
        let asked = move || {
            let taker = some.iter().find(|rule| takes(rule, &destination)).cloned();
            let sentences = if taker.is_none() && offset == 0 { sentences(&some, &destination) } else { Vec::new() };
            Ok((taker, (some.len() as i64) < COMPILED_AT_ONCE, sentences))
        };
        let (taker, last, sentences) = self.compare(asked).await?;
        let Some(rule) = taker else { return Ok(Tried::None { last, sentences }) };
        let of = application.clone();
        self.db.read(move |tx| run(&of, tx, user_id, rule)).await
    }

    async fn route_to(&self, application: &SipApplication, user_id: Option<i64>, destination: &str, name: &str) -> Result<Routing> {
        let (of, named) = (application.clone(), name.to_owned());
        let found = self.db.read(move |tx| match Rule::by_name(&of.account, tx, Some(of.id), &named)? {
            Some(rule) => run(&of, tx, user_id, rule).map(Some),
            None => Ok(None),
        });
        Ok(match found.await? {
            Some(Tried::Plan(plan)) => Routing::Routed(plan),
            Some(Tried::Empty(rule)) => NotRouted::because(Some((rule.id, rule.name)), &format!("The rule {} has no scenario; bind one with BindScenario.", quote(name))),
            Some(Tried::None { .. } | Tried::Slow) | None => {
                let text = format!(
                    "The configuration gives calls to {} to the rule {} of the application {}, which has no such rule.",
                    quote(destination),
                    quote(name),
                    quote(&application.short_name)
                );
                NotRouted::because(None, &text)
            }
        })
    }
}

/// Asks the first rules, and explains them if none takes the destination.
fn attempt(application: &SipApplication, tx: &Tx, user_id: Option<i64>, destination: &str) -> Result<Tried> {
    let some = rules::in_order(&application.account, tx, application.id, Page { count: AT_ONCE, offset: 0 })?;
    for rule in &some {
        match takes_quickly(rule, destination) {
            Some(true) => return run(application, tx, user_id, rule.clone()),
            Some(false) => {}
            None => return Ok(Tried::Slow),
        }
    }
    Ok(Tried::None { last: (some.len() as i64) < AT_ONCE, sentences: sentences(&some, destination) })
}

/// The reasons of the first rules.
fn sentences(rules: &[Rule], destination: &str) -> Vec<String> {
    let sentence = |rule: &Rule| format!("{}: {}", quote(&rule.name), why(rule, destination, judge(rule, destination), None));
    let mut sentences: Vec<String> = rules.iter().take(EXPLAINED).map(sentence).collect();
    if rules.len() > EXPLAINED {
        sentences.push("CheckRules explains the other rules.".to_owned());
    }
    sentences
}

fn run(application: &SipApplication, tx: &Tx, user_id: Option<i64>, rule: Rule) -> Result<Tried> {
    let account = &application.account;
    let Some(row) = Application::by_id(account, tx, (), application.id)? else { return Ok(Tried::Empty(rule)) };
    Ok(match Plan::read(account, tx, row, rule.clone(), user_id)? {
        Some(plan) => Tried::Plan(Box::new(plan)),
        None => Tried::Empty(rule),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    async fn shop(world: &World) -> SipApplication {
        world.api.sip_application("shop.owner").await.unwrap().unwrap()
    }

    fn plan(routing: Routing) -> Plan {
        match routing {
            Routing::Routed(plan) => *plan,
            Routing::NotRouted(why) => panic!("not routed: {why:?}"),
        }
    }

    fn not(routing: Routing) -> NotRouted {
        match routing {
            Routing::NotRouted(why) => why,
            Routing::Routed(plan) => panic!("routed by {}", plan.rule.name),
        }
    }

    #[on_both_databases]
    async fn the_first_rule_that_takes_a_call_runs_and_has_a_row(world: World) {
        let rule = world.running_rule("shop", "VoxEngine.terminate()").await;
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("rule_pattern", "12[0-9]+")]).await;
        let user = world.user(&shop(&world).await.id.to_string(), "alice").await;
        let user_id = user.parse().ok();
        let plan = plan(world.api.route(&shop(&world).await, user_id, "1234", By::Patterns).await.unwrap());
        assert_eq!((plan.rule.id.to_string(), plan.user_id), (rule, user_id));
        let start = world.api.open_session(plan, "198.51.100.7".to_owned(), String::new(), world.now()).await.unwrap();
        assert_eq!(start.scenarios, [("script".to_owned(), "VoxEngine.terminate()".to_owned())]);
        assert!(start.access_url.ends_with(&format!("/request/{}/{}", start.session_id, start.token)) && start.token.len() == 32);
        let end = crate::store::sessions::End { ended_at: world.now(), finish_reason: "Normal termination".to_owned(), custom_data: String::new(), calls: Vec::new() };
        assert!(world.api.session_ended(start.session_id, end).await.unwrap());
        let history = world.ok(&world.owner, "GetCallHistory", &[("call_session_history_id", &start.session_id.to_string())]).await;
        assert_eq!((&history["result"][0]["initiator_address"], &history["result"][0]["user_id"]), (&json!("198.51.100.7"), &json!(user_id)));
    }

    #[on_both_databases]
    async fn a_call_that_no_rule_takes_has_every_rules_reason(world: World) {
        let id = world.application("shop").await;
        let none = not(world.api.route(&shop(&world).await, None, "1234", By::Patterns).await.unwrap());
        assert_eq!(none.explanation, "The application 'shop' has no rules.");
        for (name, pattern) in [("short", "12"), ("london", "44.+")] {
            world.rule(&id, name, pattern).await;
        }
        let none = not(world.api.route(&shop(&world).await, None, "1234", By::Patterns).await.unwrap());
        let lines: Vec<&str> = none.explanation.lines().collect();
        assert_eq!(lines[0], "No rule of the application 'shop' takes '1234'.");
        assert!(lines[1].starts_with("'short': The pattern '12' matches only a part") && lines[2] == "'london': The pattern '44.+' does not match '1234'.", "{lines:?}");
        world.rule(&id, "empty", "1.+").await;
        let empty = not(world.api.route(&shop(&world).await, None, "1234", By::Patterns).await.unwrap());
        assert!(empty.rule.is_some() && empty.explanation.contains("has no scenario"), "{empty:?}");
        let long = not(world.api.route(&shop(&world).await, None, &"1".repeat(1_001), By::Patterns).await.unwrap());
        assert!(long.explanation.contains("1000 characters"), "{long:?}");
    }

    #[on_both_databases]
    async fn a_large_pattern_is_asked_in_its_turn(world: World) {
        let id = world.application("shop").await;
        for (name, pattern) in [("large", "\\w{8}"), ("all", ".*")] {
            world.rule(&id, name, pattern).await;
        }
        for (destination, taken_by) in [("abcdefgh", "large"), ("abc", "all")] {
            let taken = not(world.api.route(&shop(&world).await, None, destination, By::Patterns).await.unwrap());
            assert_eq!(taken.rule.map(|(_, name)| name).as_deref(), Some(taken_by));
        }
    }

    #[on_both_databases]
    async fn a_number_may_be_bound_to_a_rule(world: World) {
        world.running_rule("shop", "1").await;
        let run = plan(world.api.route(&shop(&world).await, None, "+15550100", By::Rule("run")).await.unwrap());
        assert_eq!(run.rule.name, "run");
        let none = not(world.api.route(&shop(&world).await, None, "+15550100", By::Rule("other")).await.unwrap());
        assert!(none.explanation.contains("no such rule"), "{none:?}");
    }

    #[on_both_databases]
    async fn a_rule_behind_hundreds_of_others_takes_its_call(world: World) {
        let rule = world.running_rule("shop", "1").await;
        world.ok(&world.owner, "SetRuleInfo", &[("rule_id", rule.as_str()), ("rule_pattern", "99")]).await;
        let application = shop(&world).await;
        let (account, id) = (application.account.clone(), application.id);
        let now = world.now();
        let many = world.api.db.write(crate::store::db::Lock::None, move |tx| {
            for number in 0..700 {
                let new = rules::New {
                    application_id: id,
                    name: format!("r{number}"),
                    pattern: format!("x{number}y?"),
                    pattern_exclude: None,
                    video_conference: false,
                    bind_key_id: None,
                };
                rules::insert(&account, tx, &new, now)?;
            }
            let last: i64 = rule.parse().unwrap();
            Ok(rules::set_position(&account, tx, last, 10_000)?)
        });
        many.await.unwrap();
        assert_eq!(plan(world.api.route(&application, None, "99", By::Patterns).await.unwrap()).rule.name, "run");
        let none = not(world.api.route(&application, None, "98", By::Patterns).await.unwrap());
        assert!(none.explanation.ends_with("CheckRules explains the other rules."), "{none:?}");
    }
}
