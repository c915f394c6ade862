use super::{User, is_password};
use crate::{
    methods::{
        accounts::profile::{self, FORMER_PASSWORDS},
        prelude::*,
    },
    password,
    store::{
        accounts::{self, Changes},
        logon_sessions, panel_sessions, subusers,
    },
};

pub const ACCESS: Access = Access::SignedIn;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[
    codes::OLD_SUBUSER_PASSWORD,
    codes::PASSWORD_BLANK,
    codes::PASSWORD_CHARACTERS,
    codes::PASSWORD_SPACES,
    codes::PASSWORD_WEAK,
    codes::PASSWORD_USED_BEFORE,
    codes::RATE_LIMIT,
];

#[derive(Request)]
pub struct Request {
    /// The present password.
    #[param(secret)]
    pub old_password: String,
    /// The new one: 8 characters or more with upper case, lower case, digit and special character.
    #[param(secret)]
    pub new_password: String,
}

pub type Response = Done;

/// Changes the password of who is signed in, and ends their other sessions.
#[method(ours)]
pub async fn change_panel_password(call: &Call, request: Request) -> Result<Response> {
    let user = User::of(&call.caller);
    password::check("new_password", &request.new_password, user.name(&call.account))?;
    let of_user = user.clone();
    let hashes = call.read(move |account, tx| match of_user.subuser_id() {
        Some(_) => Ok(vec![of_user.password_hash(account, tx)?]),
        None => Ok(accounts::passwords(tx, account.id(), FORMER_PASSWORDS)?),
    });
    let hashes = hashes.await?;
    let present = hashes.first().cloned().unwrap_or_default();
    let wrong = || Error::field(codes::OLD_SUBUSER_PASSWORD, "old_password", "'old_password' is not the present password.");
    if !is_password(call, &user, present.clone(), request.old_password).await? {
        return Err(wrong().into());
    }
    let new = request.new_password;
    let hash = call.compute(move || profile::new_password("new_password", &new, &hashes)).await?;
    let (now, session) = (call.now, call.caller.panel_session().map(<[u8]>::to_vec));
    call.write(move |account, tx| {
        if user.password_hash(account, tx)? != present {
            return Err(wrong().into());
        }
        match user.subuser_id() {
            Some(id) => {
                subusers::update(account, tx, id, None, Some(&hash), false)?;
                logon_sessions::end_of_subuser(account, tx, id, now)?;
            }
            None => {
                accounts::retire_password(tx, account.id(), now)?;
                accounts::update(account, tx, &Changes { password_hash: Some(hash), password_must_change: Some(false), ..Changes::default() })?;
                logon_sessions::end_of_account(tx, account.id(), now)?;
            }
        }
        panel_sessions::end_of_user(tx, account.id(), user.subuser_id(), session.as_deref())?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    const NEW: &str = "N3w-Passwort";

    async fn must_change(world: &World, who: &Who) -> Value {
        world.ok(who, "GetPanelSession", &[]).await["result"]["password_must_change"].clone()
    }

    #[on_both_databases]
    async fn the_first_sign_in_with_a_given_password_asks_for_another(world: World) {
        world.add_subuser("alice", &["Developer"]).await;
        world.child("tenant-1", "t1@example.org").await;
        let of_child = Who::Older(vec![("account_name".to_owned(), "tenant-1".to_owned()), ("account_password".to_owned(), CHILD_PASSWORD.to_owned())]);
        for (who, old) in [(world.password(), world.owner_password.as_str()), (world.subuser("alice", SUBUSER_PASSWORD), SUBUSER_PASSWORD), (of_child, CHILD_PASSWORD)] {
            let session = Who::Panel(world.open_panel(&who).await);
            assert_eq!(must_change(&world, &session).await, true);
            for method in ["GetRules", "AddApplication", "GetPanelSessions", "StartSecondFactor"] {
                assert_eq!(world.refused(&session, method, &[]).await, 104, "{method}");
            }
            // Programs with the older credentials know nothing of it.
            world.ok(&who, "GetRules", &[]).await;
            world.ok(&session, "ChangePanelPassword", &[("old_password", old), ("new_password", NEW)]).await;
            assert_eq!(must_change(&world, &session).await, false);
            world.ok(&session, "GetRules", &[]).await;
            assert_eq!(world.refused(&who, "GetRules", &[]).await, 100);
        }
        let alice = Who::Panel(world.open_panel(&world.subuser("alice", NEW)).await);
        assert_eq!(must_change(&world, &alice).await, false);
    }

    #[on_both_databases]
    async fn a_session_that_must_change_its_password_may_end(world: World) {
        let session = Who::Panel(world.open_panel(&world.password()).await);
        world.ok(&session, "ClosePanelSession", &[]).await;
        assert_eq!(world.refused(&session, "GetPanelSession", &[]).await, 100);
    }

    #[on_both_databases]
    async fn the_owner_key_s_new_password_is_the_owner_s_own(world: World) {
        let session = Who::Panel(world.open_panel(&world.password()).await);
        world.ok(&world.owner, "SetAccountInfo", &[("new_account_password", NEW)]).await;
        assert_eq!(world.refused(&session, "GetPanelSession", &[]).await, 100);
        let session = Who::Panel(world.open_panel(&world.with_password(NEW)).await);
        assert_eq!(must_change(&world, &session).await, false);
    }

    #[on_both_databases]
    async fn a_password_that_a_parent_or_owner_sets_must_be_changed(world: World) {
        let child = world.child("tenant-1", "t1@example.org").await;
        let of_child = |password: &str| Who::Older(vec![("account_name".to_owned(), "tenant-1".to_owned()), ("account_password".to_owned(), password.to_owned())]);
        let session = world.panel(&of_child(CHILD_PASSWORD)).await;
        world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_id", &child), ("new_child_account_password", NEW)]).await;
        assert_eq!(world.refused(&session, "GetRules", &[]).await, 100);
        assert_eq!(must_change(&world, &Who::Panel(world.open_panel(&of_child(NEW)).await)).await, true);
        let id = world.add_subuser("alice", &["Developer"]).await;
        world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        let set = [("subuser_id", id.as_str()), ("old_subuser_password", SUBUSER_PASSWORD), ("new_subuser_password", NEW)];
        world.ok(&world.owner, "SetSubUserInfo", &set).await;
        assert_eq!(must_change(&world, &Who::Panel(world.open_panel(&world.subuser("alice", NEW)).await)).await, true);
    }

    #[on_both_databases]
    async fn a_new_password_ends_the_other_sessions_of_its_user(world: World) {
        world.add_subuser("alice", &["Developer"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        let (one, other) = (world.panel(&world.password()).await, world.panel(&world.password()).await);
        let logon = world.ok(&world.password(), "Logon", &[]).await;
        let logged_on = Who::Older(vec![("session_id".to_owned(), logon["result"].as_str().unwrap_or_default().to_owned())]);
        world.ok(&one, "ChangePanelPassword", &[("old_password", &world.owner_password), ("new_password", NEW)]).await;
        assert_eq!((world.refused(&other, "GetRules", &[]).await, world.refused(&logged_on, "GetRules", &[]).await), (100, 137));
        world.ok(&one, "GetRules", &[]).await;
        world.ok(&alice, "GetRules", &[]).await;
    }

    #[on_both_databases]
    async fn it_changes_the_password_of_the_one_who_is_signed_in(world: World) {
        let child = world.child("tenant-1", "t1@example.org").await;
        let owner = world.panel(&world.password()).await;
        world.ok(&owner, "ChangePanelPassword", &[("account_id", &child), ("old_password", &world.owner_password), ("new_password", NEW)]).await;
        world.ok(&world.with_password(NEW), "GetRules", &[]).await;
    }

    #[on_both_databases]
    async fn bad_passwords_are_refused_and_guesses_counted(world: World) {
        let owner = world.panel(&world.password()).await;
        let old = world.owner_password.as_str();
        let change = async |old: &str, new: &str| world.refused(&owner, "ChangePanelPassword", &[("old_password", old), ("new_password", new)]).await;
        for (new, code) in [("short", 463), ("no-upper-1x", 464), ("With Space-1", 524), (old, 535)] {
            assert_eq!(change(old, new).await, code, "{new}");
        }
        for _ in 0..10 {
            assert_eq!(change("Wr0ng-Passw", NEW).await, 448);
        }
        assert_eq!(change(old, NEW).await, 162);
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await.to_string();
        assert!(!log.contains(old), "{log}");
    }
}
