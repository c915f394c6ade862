use crate::{
    calls::{CredentialDraft, IssuedCredential},
    methods::{applications::full_name, prelude::*},
    store::{applications::Application, users::User},
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::UserManager]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Users;
pub const ERRORS: &[Code] = &[codes::USER_ID, codes::RATE_LIMIT];

#[derive(Request)]
pub struct Request {
    /// The user as whom the browser calls. A name needs the application.
    pub user: One<User>,
    /// The user's application.
    pub application: Option<One<Application>>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: IssuedCredential,
}

/// Makes a credential with which a browser calls as a user of an application: for one connection, which must register within ten
/// minutes. The user's own password stays as it is.
#[method(ours)]
pub async fn create_call_credential(call: &Call, request: Request) -> Result<Response> {
    let (draft, now) = (CredentialDraft::draw(&call.api().secrets)?, call.now);
    let (secret, written) = tokio::sync::oneshot::channel();
    call.write(move |account, tx| {
        let application = request.application.map(|application| application.find(account, tx, ())).transpose()?;
        let user = request.user.find(account, tx, application.as_ref().map(|application| application.id))?;
        let missing = || Error::internal(codes::INTERNAL, "a user without an application");
        let application = Application::by_id(account, tx, (), user.application_id)?.ok_or_else(missing)?;
        draft.issue(account, tx, &user, false, now)?;
        // Beside the result, which the audit log keeps.
        let _ = secret.send((draft, user, application));
        Ok(Done::YES)
    })
    .await?;
    let (draft, user, application) = written.await.map_err(|error| Error::internal(codes::INTERNAL, error.to_string()))?;
    Ok(Response { result: draft.show(user, full_name(&call.api().settings, &call.account, &application.name), now) })
}

#[cfg(test)]
mod tests {
    use crate::{password, testing::*};

    #[on_both_databases]
    async fn a_credential_is_good_for_one_user_and_one_connection(mut world: World) {
        let shop = world.application("shop").await;
        for name in ["alice", "bob"] {
            world.user(&shop, name).await;
        }
        let issue =
            async |world: &World| world.ok(&world.owner, "CreateCallCredential", &[("application_id", shop.as_str()), ("user_name", "alice")]).await["result"].clone();
        let issued = issue(&world).await;
        assert_eq!(
            (&issued["domain"], &issued["ws_path"], &issued["expires_at"]),
            (&json!("shop.owner.cordboard.internal"), &json!("/sip"), &json!("2026-01-01 12:10:00"))
        );
        let (username, secret) = (issued["authorization_user"].as_str().unwrap().to_owned(), issued["password"].as_str().unwrap());
        let find = async |world: &World, user: &'static str| world.api.call_credential("shop.owner", user, &username, world.now()).await.unwrap();
        let found = find(&world, "alice").await.unwrap();
        assert_eq!(format!("{}:{}", found.user.digests.md5, found.user.digests.sha256), password::digests(&username, secret));
        assert!(!found.guest && find(&world, "bob").await.is_none());
        assert!(world.api.take_call_credential(found.id, world.now()).await.unwrap());
        assert!(!world.api.take_call_credential(found.id, world.now()).await.unwrap());
        assert!(find(&world, "alice").await.is_none());
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await.to_string();
        assert!(log.contains("CreateCallCredential") && !log.contains(secret), "{log}");
        let late = issue(&world).await["authorization_user"].as_str().unwrap().to_owned();
        world.advance_ms(600_000);
        assert!(world.api.call_credential("shop.owner", "alice", &late, world.now()).await.unwrap().is_none());
    }

    #[on_both_databases]
    async fn a_user_that_may_not_log_in_gets_none(world: World) {
        let shop = world.application("shop").await;
        let alice = world.user(&shop, "alice").await;
        world.ok(&world.owner, "SetUserInfo", &[("user_id", alice.as_str()), ("user_active", "false")]).await;
        assert_eq!(world.refused(&world.owner, "CreateCallCredential", &[("user_id", &alice)]).await, 117);
        assert_eq!(world.refused(&world.owner, "CreateCallCredential", &[("user_id", "99999")]).await, 117);
        assert_eq!(world.refused(&world.owner, "CreateCallCredential", &[("user_name", "alice")]).await, 134);
        assert_eq!(world.refused(&world.key(&["Support"]).await, "CreateCallCredential", &[("user_id", &alice)]).await, 104);
    }
}
