//! A call is authenticated when it comes in and waits before it writes. What proved the caller may be gone by then.

use crate::{
    caller::{Caller, Identity, Witness},
    codes,
    error::{Error, Result},
    registry::Catalogue,
    roles::RoleSet,
    store::{accounts, db::Tx, keys, logon_sessions, panel_sessions, second_factors, subusers},
};

/// Fails, inside a write's transaction, unless the caller's credential still stands and has not become weaker.
pub fn still_allowed(tx: &Tx, caller: &Caller) -> Result<()> {
    let gone = || Error::authentication("The credentials were changed or withdrawn meanwhile.");
    if let Witness::Session(token_hash) = &caller.witness {
        logon_sessions::by_token(tx, token_hash)?.filter(|session| session.ended_at.is_none()).ok_or_else(gone)?;
    }
    if let Witness::Panel(token_hash) = &caller.witness {
        panel_sessions::by_token(tx, token_hash)?.ok_or_else(gone)?;
    }
    match &caller.identity {
        Identity::Key { id, .. } => {
            keys::credential(tx, id)?.filter(|key| key.account_id == caller.home).ok_or_else(gone)?;
            not_weaker(caller, keys::roles_of_credential(tx, id)?)
        }
        Identity::Subuser { id, .. } => {
            let subuser = subusers::by_id_for_login(tx, caller.home, *id)?.ok_or_else(gone)?;
            if !is_password_good(tx, caller, Some(*id), &subuser.password_hash)? {
                return Err(gone().into());
            }
            not_weaker(caller, subusers::roles_for_login(tx, *id)?)
        }
        Identity::Account { .. } => {
            let (password_hash, api_key_hash) = accounts::credentials(tx, caller.home)?;
            let stands = match &caller.witness {
                Witness::ApiKey(hash) => *hash == api_key_hash,
                _ => is_password_good(tx, caller, None, &password_hash)?,
            };
            if stands { Ok(()) } else { Err(gone().into()) }
        }
    }
}

/// Whether the password that was given, if one was, is still the present one and still enough.
fn is_password_good(tx: &Tx, caller: &Caller, subuser_id: Option<i64>, present: &str) -> Result<bool> {
    Ok(match &caller.witness {
        Witness::Password(hash) => hash == present && !second_factors::is_on(tx, caller.home, subuser_id)?,
        Witness::SignIn(hash) => hash == present,
        Witness::Signature | Witness::ApiKey(_) | Witness::Session(_) | Witness::Panel(_) => true,
    })
}

fn not_weaker(caller: &Caller, roles: RoleSet) -> Result<()> {
    if roles == caller.roles || caller.rights.is_subset(&Catalogue::get().rights(roles)) {
        return Ok(());
    }
    Err(Error::new(codes::ACCESS_DENIED, "Your roles were changed meanwhile; try again.").into())
}

#[cfg(test)]
mod tests {
    use crate::{store::meta, testing::*};

    async fn writes(call: &crate::Call) -> Option<u16> {
        call.write(|_, tx| Ok(meta::set(tx, "written", "yes")?)).await.err().map(|errors| errors.first_code().0)
    }

    #[on_both_databases]
    async fn a_key_that_was_deleted_meanwhile_writes_nothing(world: World) {
        let admin = world.key(&["Admin"]).await;
        let call = world.authenticated(&admin, "CreateKey").await;
        assert_eq!(writes(&call).await, None);
        world.ok(&world.owner, "DeleteKey", &[("key_id", admin.id())]).await;
        assert_eq!(writes(&call).await, Some(100));
    }

    #[on_both_databases]
    async fn a_key_that_was_demoted_meanwhile_writes_nothing(world: World) {
        let admin = world.key(&["Admin"]).await;
        let call = world.authenticated(&admin, "CreateKey").await;
        world.ok(&world.owner, "SetKeyRoles", &[("key_id", admin.id()), ("role_name", "Support")]).await;
        assert_eq!(writes(&call).await, Some(104));
        world.ok(&world.owner, "SetKeyRoles", &[("key_id", admin.id()), ("role_name", "Owner")]).await;
        assert_eq!(writes(&call).await, None);
    }

    #[on_both_databases]
    async fn a_former_password_opens_no_session(world: World) {
        let call = world.authenticated(&world.password(), "Logon").await;
        world.ok(&world.owner, "SetAccountInfo", &[("new_account_password", "N3w-Passwort")]).await;
        assert_eq!(writes(&call).await, Some(100));
    }

    #[on_both_databases]
    async fn a_subuser_that_was_deleted_meanwhile_writes_nothing(world: World) {
        let id = world.add_subuser("alice", &["Developer"]).await;
        let call = world.authenticated(&world.subuser("alice", SUBUSER_PASSWORD), "CreateKey").await;
        world.ok(&world.owner, "DelSubUser", &[("subuser_id", &id)]).await;
        assert_eq!(writes(&call).await, Some(100));
    }

    #[on_both_databases]
    async fn a_session_that_was_ended_meanwhile_writes_nothing(world: World) {
        let answer = world.ok(&world.password(), "Logon", &[]).await;
        let session = Who::Older(vec![("session_id".to_owned(), answer["result"].as_str().unwrap_or_default().to_owned())]);
        let call = world.authenticated(&session, "AddApplication").await;
        world.ok(&session, "Logout", &[]).await;
        assert_eq!(writes(&call).await, Some(100));
    }
}
