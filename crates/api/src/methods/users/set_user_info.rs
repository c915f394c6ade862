use crate::{
    calls::Revoked,
    methods::prelude::*,
    password,
    secrets::Purpose,
    store::{
        applications::Application,
        users::{self, Changes, User},
    },
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::UserManager]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Users;
pub const ERRORS: &[Code] =
    &[codes::USER_NAME_TAKEN, codes::USER_NAME_FORM, codes::PASSWORD_BLANK, codes::PASSWORD_CHARACTERS, codes::PASSWORD_SPACES, codes::PASSWORD_WEAK];

#[derive(Request)]
pub struct Request {
    /// The user to change.
    pub user: One<User>,
    /// The user's application; needed with the name.
    pub application: Option<One<Application>>,
    /// The new login name, `[a-z0-9][a-z0-9_-]{2,49}`.
    #[param(code(USER_NAME_FORM))]
    pub new_user_name: Option<String>,
    /// The shown name.
    #[param(code(USER_DISPLAY_NAME), max_chars(255))]
    pub user_display_name: Option<String>,
    /// The new password: 8 to 512 characters without spaces, with upper case, lower case, digit and special character. At
    /// least 5 of them differ, and a login name of 5 characters or more is no part of it.
    #[param(secret)]
    pub user_password: Option<String>,
    /// Whether the user spends the account's money instead of a balance of its own.
    pub parent_accounting: Option<bool>,
    /// Whether the user may log in.
    pub user_active: Option<bool>,
    /// Free text.
    #[param(code(USER_CUSTOM_DATA), max_chars(8_191))]
    pub user_custom_data: Option<String>,
    /// A mobile number.
    #[param(code(MOBILE_PHONE), max_chars(30))]
    pub mobile_phone: Option<String>,
}

pub type Response = Done;

/// Changes a user.
///
/// Passwords are kept as digests over the login name (RFC 7616), so after a new name without a new password the user
/// authenticates under the former name until a password is set.
#[method]
pub async fn set_user_info(call: &Call, request: Request) -> Result<Response> {
    let new_name = request.new_user_name.as_deref().map(|name| super::user_name(codes::USER_NAME_FORM, "new_user_name", name)).transpose()?;
    let (secrets, now) = (call.api().secrets.clone(), call.now);
    call.write_and_revoke(move |account, tx| {
        let application = request.application.map(|application| application.find(account, tx, ())).transpose()?;
        let user = request.user.find(account, tx, application.map(|application| application.id))?;
        if let Some(name) = &new_name
            && User::by_name(account, tx, Some(user.application_id), name)?.is_some_and(|other| other.id != user.id)
        {
            return Err(Error::field(codes::USER_NAME_TAKEN, "new_user_name", format!("The application has a user '{name}' already.")).into());
        }
        let name = new_name.as_ref().unwrap_or(&user.name);
        let digests = match &request.user_password {
            None => None,
            Some(password) => {
                password::check("user_password", password, name)?;
                Some((name.clone(), secrets.encrypt(Purpose::UserDigests, password::digests(name, password).as_bytes())?))
            }
        };
        let changes = Changes {
            name: new_name,
            display_name: request.user_display_name,
            digests,
            active: request.user_active,
            parent_accounting: request.parent_accounting,
            custom_data: request.user_custom_data,
            mobile_phone: request.mobile_phone,
        };
        users::update(account, tx, user.id, &changes, now)?;
        let proves_again = changes.digests.is_some() || changes.active == Some(false) || changes.name.is_some_and(|name| name != user.name);
        let revoked = Revoked::User { account_id: account.id(), application_id: user.application_id, user_id: user.id, name: user.name };
        Ok((Done::YES, proves_again.then_some(revoked).into_iter().collect()))
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_user_is_renamed_and_keeps_the_rest(world: World) {
        let shop = world.application("shop").await;
        let alice = world.user(&shop, "alice").await;
        world.user(&shop, "bob").await;
        world.ok(&world.owner, "SetUserInfo", &[("user_id", alice.as_str()), ("new_user_name", "carol"), ("user_active", "False")]).await;
        let seen = world.ok(&world.owner, "GetUsers", &[("application_id", shop.as_str()), ("user_name", "carol")]).await;
        assert_eq!((&seen["result"][0]["user_display_name"], &seen["result"][0]["user_active"]), (&json!("alice"), &json!(false)));
        let id = alice.parse().unwrap_or(0);
        assert_eq!(world.user_digests(id).await.0, "alice");
        world.ok(&world.owner, "SetUserInfo", &[("user_name", "carol"), ("application_name", "shop"), ("user_password", "N3w-Passwort")]).await;
        assert_eq!(world.user_digests(id).await, ("carol".to_owned(), crate::password::digests("carol", "N3w-Passwort")));
        assert_eq!(world.refused(&world.owner, "SetUserInfo", &[("user_id", alice.as_str()), ("new_user_name", "bob")]).await, 118);
        assert_eq!(world.refused(&world.owner, "SetUserInfo", &[("user_id", alice.as_str()), ("new_user_name", "B")]).await, 122);
    }

    #[on_both_databases]
    async fn the_user_must_be_named_completely(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        let alice = world.user(&shop, "alice").await;
        assert_eq!(world.refused(&world.owner, "SetUserInfo", &[("user_name", "alice"), ("user_active", "0")]).await, 134);
        assert_eq!(world.refused(&world.owner, "SetUserInfo", &[("user_id", alice.as_str()), ("application_id", &bank), ("user_active", "0")]).await, 117);
        assert_eq!(world.refused(&world.owner, "SetUserInfo", &[("user_active", "0")]).await, 134);
        assert_eq!(world.refused(&world.owner, "SetUserInfo", &[("user_id", alice.as_str()), ("user_password", "weak")]).await, 463);
    }
}
