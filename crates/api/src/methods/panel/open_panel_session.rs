use super::{User, counted, recovery_tag, take_app_code};
use crate::{
    methods::prelude::*,
    secrets::{self, Secrets},
    store::{
        panel_sessions,
        second_factors::{self, SecondFactor},
    },
};

pub const ACCESS: Access = Access::SignIn;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

/// Characters of a browser's name that are kept.
const USER_AGENT_CHARACTERS: usize = 300;

/// Open sessions of one user at most.
const OPEN_AT_ONCE: i64 = 100;

#[derive(Request)]
pub struct Request {
    /// The second factor, where there is one: the six digits of the app, or a recovery code.
    #[param(code(CODE), secret)]
    pub code: Option<String>,
    /// What the browser calls itself; it is shown beside the session.
    pub user_agent: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 when the session is open, 0 when a second factor is required.
    pub result: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub panel_session_id: Option<i64>,
    /// The session's token, for a cookie. It is good for the panel alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The password is right and a second factor is required: call again with `code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_factor_required: Option<bool>,
}

/// Signs in to the panel with the password of the account or of a subuser.
///
/// The session has the rights of who signed in. It ends after 12 hours without use, and after 7 days. A user has at most 100: a
/// new one ends the one that was unused the longest.
#[method(ours)]
pub async fn open_panel_session(call: &Call, request: Request) -> Result<Response> {
    let user = User::of(&call.caller);
    let of_user = user.clone();
    let factor = call.read(move |account, tx| Ok(of_user.second_factor(account, tx)?)).await?;
    let guarded = factor.is_some_and(|factor| factor.confirmed_at.is_some());
    if guarded && request.code.is_none() {
        return Ok(Response { result: 0, panel_session_id: None, token: None, second_factor_required: Some(true) });
    }
    let token = secrets::token()?;
    let (hash, secrets, ip, now) = (secrets::hash(&token), call.api().secrets.clone(), call.ip.to_string(), call.now);
    let user_agent: String = request.user_agent.unwrap_or_default().chars().take(USER_AGENT_CHARACTERS).collect();
    let (of_user, code) = (user.clone(), request.code);
    let open = call.write(move |account, tx| {
        if let Some(factor) = of_user.second_factor(account, tx)?.filter(|factor| factor.confirmed_at.is_some()) {
            take_code(&secrets, &of_user, account, tx, &factor, code.as_deref().unwrap_or_default(), now)?;
        }
        let id = panel_sessions::insert(account, tx, of_user.subuser_id(), &hash, &ip, &user_agent, now)?;
        panel_sessions::end_surplus(account, tx, of_user.subuser_id(), OPEN_AT_ONCE)?;
        // Without the token, because the audit log keeps what is returned here.
        Ok(Response { result: 1, panel_session_id: Some(id), token: None, second_factor_required: None })
    });
    let opened = if guarded { counted(call, &user, open).await? } else { open.await? };
    Ok(Response { token: Some(token), ..opened })
}

/// Takes a code of the app or a recovery code.
fn take_code(secrets: &Secrets, user: &User, account: &Account, tx: &Tx, factor: &SecondFactor, code: &str, now: Utc) -> Result<()> {
    if second_factors::take_recovery_code(account, tx, factor.id, &recovery_tag(secrets, factor.id, code))? {
        return Ok(());
    }
    take_app_code(secrets, user, account, tx, factor, code, now)
}

#[cfg(test)]
mod tests {
    use crate::{store::panel_sessions, testing::*};

    #[on_both_databases]
    async fn a_session_has_the_rights_of_who_signed_in(world: World) {
        let owner = world.panel(&world.password()).await;
        world.ok(&owner, "GetSubUsers", &[]).await;
        assert!(world.ok(&owner, "GetAccountInfo", &[]).await["result"]["api_key"].is_string());
        world.add_subuser("alice", &["Support"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        world.ok(&alice, "GetRules", &[]).await;
        assert_eq!(world.refused(&alice, "GetSubUsers", &[]).await, 104);
        assert_eq!(world.refused(&alice, "AddApplication", &[("application_name", "shop")]).await, 104);
    }

    #[on_both_databases]
    async fn roles_are_read_anew_at_each_call(world: World) {
        let id = world.add_subuser("alice", &["Admin"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        world.ok(&alice, "AddApplication", &[("application_name", "shop")]).await;
        world.ok(&world.owner, "RemoveSubUserRoles", &[("subuser_id", &id), ("role_name", "Admin")]).await;
        assert_eq!(world.refused(&alice, "AddApplication", &[("application_name", "bank")]).await, 104);
        world.ok(&world.owner, "DelSubUser", &[("subuser_id", &id)]).await;
        assert_eq!(world.refused(&alice, "GetRules", &[]).await, 100);
    }

    #[on_both_databases]
    async fn it_takes_the_password_alone(world: World) {
        let token = world.open_panel(&world.password()).await;
        for who in [world.owner.clone(), world.api_key().await, Who::Panel(token)] {
            assert_eq!(world.refused(&who, "OpenPanelSession", &[]).await, 104);
        }
        assert_eq!(world.refused(&world.with_password("Wr0ng-Passw"), "OpenPanelSession", &[]).await, 100);
        let logon = world.ok(&world.password(), "Logon", &[]).await;
        let logged_on = Who::Older(vec![("session_id".to_owned(), logon["result"].as_str().unwrap_or_default().to_owned())]);
        assert_eq!(world.refused(&logged_on, "OpenPanelSession", &[]).await, 104);
    }

    #[on_both_databases]
    async fn guessing_at_sign_in_is_slowed_down(world: World) {
        for _ in 0..10 {
            assert_eq!(world.refused(&world.with_password("Wr0ng-Passw"), "OpenPanelSession", &[]).await, 100);
        }
        assert_eq!(world.refused(&world.password(), "OpenPanelSession", &[]).await, 162);
    }

    #[on_both_databases]
    async fn a_session_acts_on_descendants_with_its_own_rights_and_on_nothing_else(world: World) {
        let child = world.child("tenant-1", "t1@example.org").await;
        let of_child = Who::Older(vec![("account_name".to_owned(), "tenant-1".to_owned()), ("account_password".to_owned(), CHILD_PASSWORD.to_owned())]);
        let owner = world.panel(&world.password()).await;
        world.ok(&owner, "AddApplication", &[("application_name", "shop"), ("account_id", &child)]).await;
        assert_eq!(world.ok(&of_child, "GetApplications", &[]).await["total_count"], 1);
        let seen = world.ok(&owner, "GetAccountInfo", &[("account_id", &child)]).await["result"].clone();
        assert_eq!((&seen["account_name"], seen.get("api_key")), (&json!("tenant-1"), None));
        world.add_subuser("alice", &["Support"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        world.ok(&alice, "GetRules", &[("account_id", &child)]).await;
        assert_eq!(world.refused(&alice, "AddApplication", &[("application_name", "bank"), ("account_id", &child)]).await, 104);
        // A foreign account and one that is not there are refused like an unknown session.
        let unknown = world.call(&Who::Panel("guess".to_owned()), "GetRules", &[]).await;
        let in_child = world.panel(&of_child).await;
        for id in [world.account_id(), "999".to_owned()] {
            assert_eq!(world.call(&in_child, "GetRules", &[("account_id", &id)]).await, unknown);
        }
        assert_eq!(unknown["error"]["code"], 100);
        world.ok(&in_child, "GetRules", &[("account_id", &child)]).await;
    }

    #[on_both_databases]
    async fn the_audit_log_names_no_stranger_s_subuser(world: World) {
        let child = world.child("tenant-1", "t1@example.org").await;
        world.add_subuser("alice", &["Admin"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        world.ok(&alice, "AddApplication", &[("application_name", "shop"), ("account_id", &child)]).await;
        let log = world.ok(&world.owner.on(&child), "GetAuditLog", &[]).await.to_string();
        assert!(log.contains("AddApplication") && !log.contains("alice"), "{log}");
    }

    #[on_both_databases]
    async fn a_session_ends_unused_after_half_a_day_and_in_any_case_after_a_week(mut world: World) {
        const HOUR_MS: i64 = 60 * 60 * 1_000;
        let (used, unused) = (world.panel(&world.password()).await, world.panel(&world.password()).await);
        world.advance_ms(6 * HOUR_MS);
        world.ok(&used, "GetRules", &[]).await;
        world.advance_ms(6 * HOUR_MS);
        world.ok(&used, "GetRules", &[]).await;
        assert_eq!(world.refused(&unused, "GetRules", &[]).await, 100);
        for _ in 0..15 {
            world.advance_ms(10 * HOUR_MS);
            world.ok(&used, "GetRules", &[]).await;
        }
        world.advance_ms(6 * HOUR_MS);
        assert_eq!(world.refused(&used, "GetRules", &[]).await, 100);
        world.api.clean(world.now()).await.unwrap();
        let (left,): (i64,) = world.read(|tx| Ok(tx.one(cordboard_derive::sql!("SELECT COUNT(*) FROM panel_sessions"), &[])?)).await.unwrap();
        assert_eq!(left, 0);
    }

    #[on_both_databases]
    async fn of_too_many_sessions_the_one_that_was_unused_the_longest_ends(mut world: World) {
        world.add_subuser("alice", &["Support"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        let (used, unused) = (world.panel(&world.password()).await, world.panel(&world.password()).await);
        let (call, now) = (world.authenticated(&used, "GetRules").await, world.now());
        let others = call.note(move |account, tx| Ok((0..98_u8).try_for_each(|n| panel_sessions::insert(account, tx, None, &[n], "", "", now).map(|_| ()))?));
        others.await.unwrap();
        world.advance_ms(60_000);
        world.ok(&used, "GetRules", &[]).await;
        assert_eq!(world.ok(&used, "GetPanelSessions", &[("count", "1")]).await["total_count"], 101);
        let newest = world.panel(&world.password()).await;
        assert_eq!(world.refused(&unused, "GetPanelSession", &[]).await, 100);
        for session in [&alice, &used, &newest] {
            world.ok(session, "GetPanelSession", &[]).await;
        }
        assert_eq!(world.ok(&used, "GetPanelSessions", &[("count", "1")]).await["total_count"], 101);
    }

    #[on_both_databases]
    async fn a_token_is_good_for_the_panel_alone_and_in_no_log(world: World) {
        let token = world.open_panel(&world.password()).await;
        let as_session = Who::Older(vec![("session_id".to_owned(), token.clone())]);
        assert_eq!(world.refused(&as_session, "GetRules", &[]).await, 161);
        let mixed = Who::Panel(token.clone());
        assert_eq!(world.call(&mixed, "GetRules", &[("account_password", "x")]).await["error"]["code"], 100);
        let jwt = crate::Incoming { authorization: Some(format!("Bearer {}", world.token(&world.owner))), ..world.form(&mixed, "GetRules", &[]) };
        assert_eq!(world.send(jwt).await["error"]["code"], 100);
        for method in ["Logon", "Logout"] {
            assert_eq!(world.refused(&mixed, method, &[]).await, 104);
        }
        let log = world.ok(&world.owner, "GetAuditLog", &[("filtered_cmd", "OpenPanelSession")]).await.to_string();
        assert!(log.contains("\"OpenPanelSession\"") && !log.contains(&token), "{log}");
    }

    #[on_both_databases]
    async fn an_account_that_is_not_active_has_no_panel(world: World) {
        let child = world.child("tenant-1", "t1@example.org").await;
        let of_child = Who::Older(vec![("account_name".to_owned(), "tenant-1".to_owned()), ("account_password".to_owned(), CHILD_PASSWORD.to_owned())]);
        let open = world.panel(&of_child).await;
        world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_id", &child), ("active", "false")]).await;
        assert_eq!(world.refused(&open, "GetRules", &[]).await, 131);
        assert_eq!(world.refused(&of_child, "OpenPanelSession", &[]).await, 131);
    }

    #[on_both_databases]
    async fn a_session_from_an_address_that_is_not_authorized_is_refused(world: World) {
        let owner = world.panel(&world.password()).await;
        world.ok(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", "203.0.113.7"), ("allowed", "false")]).await;
        assert_eq!(world.from_ip("203.0.113.7").refused(&owner, "GetRules", &[]).await, 100);
        world.ok(&owner, "GetRules", &[]).await;
    }
}
