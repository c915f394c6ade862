use std::{net::IpAddr, sync::Arc};

use crate::{
    live::Start,
    methods::prelude::*,
    scenario::start::Plan,
    store::{applications::Application, rules::Rule, users::User},
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::CallsSms]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Sessions;
pub const ERRORS: &[Code] = &[codes::RULE_ID, codes::RATE_LIMIT];

/// Bytes of custom data at most; what scenarios may set themselves.
const CUSTOM_DATA_BYTES: usize = 65_536;

#[derive(Request)]
pub struct Request {
    /// The rule whose scenarios run. A name needs the application.
    pub rule: One<Rule>,
    /// The user as whom the session runs. A name needs the application.
    pub user: Option<One<User>>,
    /// The application of the names.
    pub application: Option<One<Application>>,
    /// Text for the scenario: `VoxEngine.customData()`.
    pub script_custom_data: Option<String>,
    /// The same as `script_custom_data`.
    pub custom_data: Option<String>,
    /// An address near which the session should run.
    #[param(code(REFERENCE_IP))]
    pub reference_ip: Option<String>,
    /// Where the session should run; there is one place here.
    #[param(max_chars(200))]
    pub server_location: Option<String>,
    /// Adds `media_session_check_url`.
    #[param(default("false"))]
    pub with_check_url: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    /// Where the session takes requests, over plain HTTP.
    pub media_session_access_url: String,
    /// Where the session takes requests, over HTTPS.
    pub media_session_access_secure_url: String,
    /// The session's number in the history.
    pub call_session_history_id: i64,
    /// Answers 200 as long as the session lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_session_check_url: Option<String>,
}

/// Starts a session with a rule's scenarios and says where it takes requests.
///
/// At most 200 requests of an account run at once; the next ones are answered with HTTP 429.
#[method]
pub async fn start_scenarios(call: &Call, request: Request) -> Result<Response> {
    let starting = call.api().sessions.starting(call.account.id())?;
    if let Some(text) = &request.reference_ip {
        let wrong = || Error::field(codes::REFERENCE_IP, "reference_ip", "'reference_ip' must be an IP address.");
        text.trim().parse::<IpAddr>().map_err(|_| wrong())?;
    }
    let custom_data = request.script_custom_data.or(request.custom_data).unwrap_or_default();
    if custom_data.len() > CUSTOM_DATA_BYTES {
        let msg = format!("'script_custom_data' may have at most {CUSTOM_DATA_BYTES} bytes.");
        return Err(Error::field(codes::ARGUMENTS, "script_custom_data", msg).into());
    }
    let (rule, user, application) = (request.rule, request.user, request.application);
    let plan = call.read(move |account, tx| {
        let application = application.map(|application| application.find(account, tx, ())).transpose()?;
        if application.is_none() && rule.is_by_name() {
            return Err(Error::field(codes::REQUIRED, "application_id", "A rule's name needs 'application_id' or 'application_name'.").into());
        }
        let rule = rule.find(account, tx, application.as_ref().map(|application| application.id))?;
        let application = match application {
            Some(application) => application,
            None => Application::by_id(account, tx, (), rule.application_id)?.ok_or_else(|| Error::internal(codes::INTERNAL, "a rule without an application"))?,
        };
        let user_id = user.map(|user| user.find(account, tx, Some(application.id))).transpose()?.map(|user| user.id);
        let rule_id = rule.id;
        let empty = || Error::field(codes::RULE_ID, "rule_id", format!("The rule {rule_id} has no scenario; bind one with BindScenario.")).into();
        Plan::read(account, tx, application, rule, user_id)?.ok_or_else(empty)
    });
    let plan = plan.await?;
    let call = call.clone();
    // A caller that hangs up leaves nothing half-begun: what is admitted begins.
    let begun = tokio::spawn(async move {
        let _starting = starting;
        call.api().sessions.admit(call.account.id()).await?;
        begin(&call, plan, custom_data, request.with_check_url).await
    });
    begun.await.map_err(|error| Error::internal(codes::INTERNAL, error.to_string()))?
}

async fn begin(call: &Call, plan: Plan, custom_data: String, with_check_url: bool) -> Result<Response> {
    let api = call.api();
    let start = match row(call, plan, custom_data).await {
        Ok(start) => start,
        Err(errors) => {
            api.sessions.forgo(call.account.id()).await;
            return Err(errors);
        }
    };
    let (session_id, access_url, access_secure_url) = (start.session_id, start.access_url.clone(), start.access_secure_url.clone());
    api.sessions.start(start).await?.map_err(|refusal| Error::new(codes::RATE_LIMIT, refusal))?;
    Ok(Response {
        result: 1,
        media_session_check_url: with_check_url.then(|| api_check(&access_secure_url)),
        media_session_access_url: access_url,
        media_session_access_secure_url: access_secure_url,
        call_session_history_id: session_id,
    })
}

/// Where it is asked whether a session lives, without asking the session.
fn api_check(url: &str) -> String {
    url.replacen("/request/", "/check/", 1)
}

/// Writes the session's row with a line of the audit log.
async fn row(call: &Call, plan: Plan, custom_data: String) -> Result<Start> {
    let draft = call.api().draft(plan, call.ip.to_string(), custom_data, call.now).await?;
    let draft = Arc::new(draft);
    let written = draft.clone();
    let session_id = call.write(move |account, tx| written.begin(account, tx)).await?;
    Ok(draft.start(call.api(), session_id))
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_session_begins_and_says_where_it_listens(world: World) {
        let rule = world.running_rule("shop", "Logger.write('x')").await;
        let answer = world.ok(&world.owner, "StartScenarios", &[("rule_id", rule.as_str()), ("script_custom_data", "mystr")]).await;
        let id = answer["call_session_history_id"].as_i64().unwrap_or_default();
        let url = answer["media_session_access_url"].as_str().unwrap_or_default();
        assert!(id > 0 && url.starts_with(&format!("http://localhost:8080/request/{id}/")), "{answer}");
        assert_eq!(url.rsplit('/').next().map(str::len), Some(32));
        assert_eq!(answer["media_session_access_secure_url"], json!(url.replace("http://localhost:8080", "https://localhost:8443")));
        assert!(answer.get("media_session_check_url").is_none());
        let live = world.ok(&world.owner, "GetLiveSessions", &[]).await;
        assert_eq!((&live["result"][0]["call_session_history_id"], &live["result"][0]["custom_data"]), (&json!(id), &json!("mystr")));
        assert_eq!(world.started()[0].scenarios, [("script".to_owned(), "Logger.write('x')".to_owned())]);
    }

    #[on_both_databases]
    async fn a_rule_is_named_by_its_name_and_application(world: World) {
        world.running_rule("shop", "1").await;
        world.ok(&world.owner, "StartScenarios", &[("rule_name", "run"), ("application_name", "shop")]).await;
        assert_eq!(world.refused(&world.owner, "StartScenarios", &[("rule_name", "run")]).await, 134);
        assert_eq!(world.refused(&world.owner, "StartScenarios", &[("rule_name", "none"), ("application_name", "shop")]).await, 156);
        assert_eq!(world.refused(&world.owner, "StartScenarios", &[]).await, 134);
        assert_eq!(world.started().len(), 1);
    }

    #[on_both_databases]
    async fn a_session_runs_as_a_user_of_the_application(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let user =
            world.ok(&world.owner, "AddUser", &[("application_name", "shop"), ("user_name", "ada"), ("user_display_name", "Ada"), ("user_password", "Passw0rd!x")]).await;
        world.ok(&world.owner, "StartScenarios", &[("rule_id", rule.as_str()), ("user_name", "ada"), ("application_name", "shop")]).await;
        assert_eq!(world.started()[0].user_id, user["user_id"].as_i64());
        assert_eq!(world.refused(&world.owner, "StartScenarios", &[("rule_id", rule.as_str()), ("user_id", "99999")]).await, 117);
    }

    #[on_both_databases]
    async fn bad_values_begin_nothing(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let empty = world.rule(&world.application("empty").await, "none", ".*").await;
        for (pairs, code) in [
            (vec![("rule_id", "99999")], 147),
            (vec![("rule_id", empty.as_str())], 147),
            (vec![("rule_id", rule.as_str()), ("reference_ip", "somewhere")], 257),
            (vec![("rule_id", rule.as_str()), ("script_custom_data", "x".repeat(65_537).as_str())], 101),
        ] {
            assert_eq!(world.refused(&world.owner, "StartScenarios", &pairs).await, code, "{pairs:?}");
        }
        assert!(world.started().is_empty());
        let support = world.key(&["Support"]).await;
        assert_eq!(world.refused(&support, "StartScenarios", &[("rule_id", rule.as_str())]).await, 104);
    }

    #[on_both_databases]
    async fn the_two_hundred_and_first_start_at_once_is_429(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let account = world.account_id().parse().unwrap();
        let places: Vec<_> = (0..200).map(|_| world.api.sessions.starting(account).unwrap()).collect();
        let outgoing = world.api.handle(world.form(&world.owner, "StartScenarios", &[("rule_id", &rule)])).await;
        assert_eq!(outgoing.status, 429);
        assert_eq!(outgoing.code.map(|code| code.0), Some(340));
        drop(places);
        world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await;
    }
}
