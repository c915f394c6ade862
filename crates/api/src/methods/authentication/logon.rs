use crate::{
    caller::Identity,
    methods::prelude::*,
    secrets::{self, Purpose},
    store::{accounts, logon_sessions, logon_sessions::LogonSession},
};

pub const ACCESS: Access = Access::OlderCredentials;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

/// How long a session lives, milliseconds: 8 hours. Semantics §4.10, §4.11.
const LIFETIME_MS: i64 = 8 * 60 * 60 * 1_000;

#[derive(Request)]
pub struct Request {}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The session id, to be sent as `session_id`.
    pub result: String,
    /// Only for a caller with the account's password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    pub account_id: i64,
    pub account_name: String,
}

/// Checks older credentials and opens a session of 8 hours.
///
/// The session has the rights of what logged on: the account's password or API key, or a subuser's name and password.
#[method]
pub async fn logon(call: &Call, _request: Request) -> Result<Response> {
    let token = secrets::token()?;
    let (subuser_id, by_password) = match &call.caller.identity {
        Identity::Subuser { id, .. } => (Some(*id), false),
        Identity::Account { by_password } => (None, *by_password),
        Identity::Key { .. } => return Err(Error::new(codes::ACCESS_DENIED, "A service account signs a JWT instead.").into()),
    };
    let now = call.now;
    let session = LogonSession { account_id: call.account.id(), subuser_id, by_password, expires_at: Utc(now.0 + LIFETIME_MS), ended_at: None };
    let hash = secrets::hash(&token);
    // The answer's `result` is the session id, so the audit line has none.
    call.write(move |account, tx| Ok(logon_sessions::insert(account, tx, &hash, &session, now)?)).await?;
    let mut api_key = None;
    if by_password {
        let sealed = call.read(|account, tx| Ok(accounts::profile(account, tx)?.api_key_encrypted)).await?;
        api_key = Some(call.api().secrets.decrypt_text(Purpose::ApiKey, &sealed)?);
    }
    Ok(Response { result: token, api_key, account_id: call.account.id(), account_name: call.account.name().to_owned() })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    fn session(answer: &Value) -> Who {
        Who::Older(vec![("session_id".to_owned(), answer["result"].as_str().unwrap_or_default().to_owned())])
    }

    #[on_both_databases]
    async fn a_session_has_the_rights_of_what_logged_on(mut world: World) {
        let answer = world.ok(&world.password(), "Logon", &[]).await;
        assert!(answer["api_key"].is_string());
        assert_eq!(answer["account_name"], "owner");
        let owner = session(&answer);
        world.ok(&owner, "GetSubUsers", &[]).await;
        let by_api_key = world.ok(&world.api_key().await, "Logon", &[]).await;
        assert!(by_api_key.get("api_key").is_none());
        world.add_subuser("alice", &["Support"]).await;
        let alice = session(&world.ok(&world.subuser("alice", SUBUSER_PASSWORD), "Logon", &[]).await);
        assert_eq!(world.refused(&alice, "GetSubUsers", &[]).await, 104);
        world.ok(&alice, "GetRules", &[]).await;
        assert_eq!(world.refused(&session(&serde_json::json!({"result": "guess"})), "GetRules", &[]).await, 161);
        world.advance_ms(8 * 60 * 60 * 1_000);
        assert_eq!(world.refused(&owner, "GetSubUsers", &[]).await, 135);
    }

    #[on_both_databases]
    async fn a_session_names_its_own_account_alone(world: World) {
        world.child("tenant-a", "a@example.org").await;
        let answer = world.ok(&world.password(), "Logon", &[]).await;
        let foreign =
            Who::Older(vec![("account_name".to_owned(), "tenant-a".to_owned()), ("session_id".to_owned(), answer["result"].as_str().unwrap_or_default().to_owned())]);
        assert_eq!(world.refused(&foreign, "GetRules", &[]).await, 161);
    }

    #[on_both_databases]
    async fn a_service_account_has_no_use_for_it(world: World) {
        assert_eq!(world.refused(&world.owner, "Logon", &[]).await, 104);
    }

    #[on_both_databases]
    async fn the_session_id_is_in_no_log(world: World) {
        let answer = world.ok(&world.password(), "Logon", &[]).await;
        let log = world.ok(&world.owner, "GetAuditLog", &[("filtered_cmd", "Logon")]).await.to_string();
        assert!(log.contains("\"Logon\"") && !log.contains(answer["result"].as_str().unwrap_or("?")), "{log}");
    }
}
