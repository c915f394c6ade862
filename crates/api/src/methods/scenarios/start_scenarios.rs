use std::net::IpAddr;

use sha2::{Digest, Sha256};

use crate::{
    live::Start,
    methods::{applications::full_name, prelude::*},
    secrets,
    store::{
        applications::{self, Application},
        rules::Rule,
        scenarios,
        sessions::{self, New},
        users::User,
    },
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

/// What a rule runs, read in one state of the database.
struct Plan {
    application: Application,
    rule: Rule,
    user_id: Option<i64>,
    recorded: bool,
    scenarios: Vec<(String, String)>,
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
        let bound = scenarios::of_rule(account, tx, rule.id)?;
        if bound.is_empty() {
            return Err(Error::field(codes::RULE_ID, "rule_id", format!("The rule {} has no scenario; bind one with BindScenario.", rule.id)).into());
        }
        let scenarios = bound.into_iter().map(|scenario| Ok((scenario.name, scenarios::script(account, tx, scenario.id)?))).collect::<Result<_>>()?;
        let recorded = applications::is_recorded(account, tx, application.id)?;
        Ok(Plan { application, rule, user_id, recorded, scenarios })
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
    let begun = row(call, &plan, &custom_data).await;
    let (session_id, token, secrets) = match begun {
        Ok(begun) => begun,
        Err(errors) => {
            api.sessions.forgo(call.account.id()).await;
            return Err(errors);
        }
    };
    let url = |base: &str| format!("{base}/request/{session_id}/{token}");
    let (access_url, access_secure_url) = (url(&api.settings.plain_url), url(&api.settings.secure_url));
    let start = Start {
        session_id,
        account: call.account.clone(),
        application_id: plan.application.id,
        application_name: full_name(&api.settings, &call.account, &plan.application.name),
        rule_id: plan.rule.id,
        rule_name: plan.rule.name,
        user_id: plan.user_id,
        bind_key_id: plan.rule.bind_key_id,
        scenarios: plan.scenarios,
        custom_data,
        access_url: access_url.clone(),
        access_secure_url: access_secure_url.clone(),
        log_url: api.log_url(session_id),
        token,
        secrets,
        recorded: plan.recorded,
    };
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

/// A host without the port behind it.
fn without_port(host: &str) -> &str {
    host.rsplit_once(':').filter(|(name, port)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty()).map_or(host, |(name, _)| name)
}

/// The session's row, its token and what it may know of secrets.
async fn row(call: &Call, plan: &Plan, custom_data: &str) -> Result<(i64, String, std::collections::BTreeMap<String, String>)> {
    let api = call.api();
    let secrets = api.secrets_of(&call.account, plan.application.id).await?;
    let bytes: [u8; 16] = secrets::random()?;
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let node = api.node()?;
    let new = New {
        application_id: plan.application.id,
        application_name: plan.application.name.clone(),
        rule_id: plan.rule.id,
        rule_name: plan.rule.name.clone(),
        user_id: plan.user_id,
        token_hash: Sha256::digest(token.as_bytes()).to_vec(),
        initiator_address: call.ip.to_string(),
        media_server_address: without_port(&api.settings.public_host).to_owned(),
        secure: plan.application.secure_record_storage,
        started_at: call.now,
        custom_data: custom_data.to_owned(),
    };
    let rule_id = plan.rule.id;
    let id = call.write(move |account, tx| {
        // The rule may be gone, or its key another, since it was read.
        let gone = || Error::field(codes::RULE_ID, "rule_id", format!("'rule_id' is invalid: there is no rule {rule_id}."));
        Rule::by_id(account, tx, Some(new.application_id), rule_id)?.ok_or_else(gone)?;
        Ok(sessions::begin(account, tx, &node, &new)?)
    });
    Ok((id.await?, token, secrets))
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

    #[test]
    fn a_host_is_told_without_its_port() {
        for (host, wanted) in [("example.org", "example.org"), ("127.0.0.1:8443", "127.0.0.1"), ("[::1]:8443", "[::1]"), ("[::1]", "[::1]")] {
            assert_eq!(super::without_port(host), wanted);
        }
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
