use crate::{
    methods::prelude::*,
    password,
    store::{logon_sessions, panel_sessions, subusers},
};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[
    codes::SUBUSER_ID,
    codes::OLD_SUBUSER_PASSWORD,
    codes::PASSWORD_BLANK,
    codes::PASSWORD_CHARACTERS,
    codes::PASSWORD_SPACES,
    codes::PASSWORD_WEAK,
    codes::PASSWORD_USED_BEFORE,
    codes::ACCESS_DENIED,
    codes::RETRY_LATER,
    codes::RATE_LIMIT,
];

#[derive(Request)]
pub struct Request {
    /// The subuser to change.
    #[param(code(SUBUSER_ID))]
    pub subuser_id: i64,
    /// The present password, needed for a new one.
    #[param(secret)]
    pub old_subuser_password: Option<String>,
    /// The new password.
    #[param(secret)]
    pub new_subuser_password: Option<String>,
    /// The new note.
    #[param(max_chars(1_000))]
    pub description: Option<String>,
}

pub type Response = Done;

/// Changes the password or description of a subuser. A new password ends the subuser's sessions.
///
/// The subuser's rights must be within the caller's.
#[method]
pub async fn set_sub_user_info(call: &Call, request: Request) -> Result<Response> {
    let (caller, id) = (call.caller.clone(), request.subuser_id);
    let subuser = call.read(move |account, tx| Ok(super::manageable_subuser(&caller, account, tx, id)?.0)).await?;
    let hash = match &request.new_subuser_password {
        None => None,
        Some(new) => Some(new_hash(call, &subuser, request.old_subuser_password.as_deref(), new).await?),
    };
    let (caller, now) = (call.caller.clone(), call.now);
    call.write(move |account, tx| {
        let (present, _) = super::manageable_subuser(&caller, account, tx, id)?;
        if hash.is_some() && present.password_hash != subuser.password_hash {
            return Err(Error::new(codes::OLD_SUBUSER_PASSWORD, "The password was changed meanwhile; give the present one.").into());
        }
        let by_somebody_else = caller.subuser_id() != Some(id);
        subusers::update(account, tx, id, request.description.as_deref(), hash.as_deref(), by_somebody_else)?;
        if hash.is_some() {
            logon_sessions::end_of_subuser(account, tx, id, now)?;
            let own = caller.panel_session().filter(|_| !by_somebody_else);
            panel_sessions::end_of_user(tx, account.id(), Some(id), own)?;
        }
        Ok(Done::YES)
    })
    .await
}

async fn new_hash(call: &Call, subuser: &subusers::Subuser, old: Option<&str>, new: &str) -> Result<String> {
    let wrong = || Error::field(codes::OLD_SUBUSER_PASSWORD, "old_subuser_password", "A new password needs the present one in 'old_subuser_password'.");
    let old = old.ok_or_else(wrong)?.to_owned();
    password::check("new_subuser_password", new, &subuser.name)?;
    if old == new {
        return Err(Error::field(codes::PASSWORD_USED_BEFORE, "new_subuser_password", "The new password is the present one.").into());
    }
    let hash = call.replace_password(&subuser.name, subuser.password_hash.clone(), old, new.to_owned()).await?;
    hash.ok_or_else(|| wrong().into())
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    const NEW: &str = "N3w-Passwort";

    #[on_both_databases]
    async fn a_new_password_needs_the_old_one_and_ends_sessions(world: World) {
        let id = world.add_subuser("alice", &["Support"]).await;
        let session = world.ok(&world.subuser("alice", SUBUSER_PASSWORD), "Logon", &[]).await;
        let session = Who::Older(vec![("session_id".to_owned(), session["result"].as_str().unwrap_or_default().to_owned())]);
        world.ok(&session, "GetRules", &[]).await;
        let set = |old: &'static str, new: &'static str| [("subuser_id", id.as_str()), ("old_subuser_password", old), ("new_subuser_password", new)];
        assert_eq!(world.refused(&world.owner, "SetSubUserInfo", &set("", NEW)).await, 448);
        assert_eq!(world.refused(&world.owner, "SetSubUserInfo", &set("Wr0ng-Passw", NEW)).await, 448);
        assert_eq!(world.refused(&world.owner, "SetSubUserInfo", &set(SUBUSER_PASSWORD, "weak")).await, 463);
        assert_eq!(world.refused(&world.owner, "SetSubUserInfo", &set(SUBUSER_PASSWORD, SUBUSER_PASSWORD)).await, 535);
        world.ok(&world.owner, "SetSubUserInfo", &set(SUBUSER_PASSWORD, NEW)).await;
        assert_eq!(world.refused(&session, "GetRules", &[]).await, 137);
        world.ok(&world.subuser("alice", NEW), "GetRules", &[]).await;
    }

    #[on_both_databases]
    async fn a_key_without_roles_cannot_touch_a_stronger_subuser(world: World) {
        let id = world.add_subuser("alice", &["Support"]).await;
        let weak = world.key(&[]).await;
        assert_eq!(world.refused(&weak, "SetSubUserInfo", &[("subuser_id", id.as_str()), ("description", "x")]).await, 104);
        assert_eq!(world.refused(&weak, "SetSubUserInfo", &[("subuser_id", "999"), ("description", "x")]).await, 434);
        assert_eq!(world.refused(&weak, "SetSubUserInfo", &[("description", "x")]).await, 134);
    }

    #[on_both_databases]
    async fn guessing_the_old_password_is_slowed_down(world: World) {
        let id = world.add_subuser("alice", &[]).await;
        let guess = [("subuser_id", id.as_str()), ("old_subuser_password", "Wr0ng-Passw"), ("new_subuser_password", NEW)];
        for _ in 0..10 {
            assert_eq!(world.refused(&world.owner, "SetSubUserInfo", &guess).await, 448);
        }
        assert_eq!(world.refused(&world.owner, "SetSubUserInfo", &guess).await, 162);
    }
}
