use crate::{
    methods::prelude::*,
    password,
    secrets::Purpose,
    store::{
        applications::Application,
        users::{self, User},
    },
    things::Thing,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::UserManager]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Users;
pub const ERRORS: &[Code] =
    &[codes::USER_LIMIT, codes::USER_NAME_TAKEN, codes::USER_NAME_FORM, codes::PASSWORD_BLANK, codes::PASSWORD_CHARACTERS, codes::PASSWORD_SPACES, codes::PASSWORD_WEAK];

#[derive(Request)]
pub struct Request {
    /// The login name, `[a-z0-9][a-z0-9_-]{2,49}`.
    #[param(code(USER_NAME_FORM))]
    pub user_name: String,
    /// The shown name.
    #[param(code(USER_DISPLAY_NAME), max_chars(255))]
    pub user_display_name: String,
    /// 8 to 512 characters without spaces, with upper case, lower case, digit and special character. At least 5 of them
    /// differ, and a login name of 5 characters or more is no part of it.
    #[param(secret)]
    pub user_password: String,
    /// The user's application.
    pub application: One<Application>,
    /// Whether the user spends the account's money instead of a balance of its own.
    #[param(default("true"))]
    pub parent_accounting: bool,
    /// Whether the user may log in.
    #[param(default("true"))]
    pub user_active: bool,
    /// Free text.
    #[param(code(USER_CUSTOM_DATA), max_chars(8_191))]
    pub user_custom_data: Option<String>,
    /// A mobile number.
    #[param(code(MOBILE_PHONE), max_chars(30))]
    pub mobile_phone: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    pub user_id: i64,
}

/// Creates a user of an application.
#[method]
pub async fn add_user(call: &Call, request: Request) -> Result<Response> {
    let name = super::user_name(codes::USER_NAME_FORM, "user_name", &request.user_name)?;
    password::check("user_password", &request.user_password, &name)?;
    let digests_encrypted = call.api().secrets.encrypt(Purpose::UserDigests, password::digests(&name, &request.user_password).as_bytes())?;
    let (most, now) = (call.api().settings.limits.users, call.now);
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        if users::count(account, tx)? >= most {
            return Err(limit(codes::USER_LIMIT, "users", most, "limits.users").into());
        }
        if User::by_name(account, tx, Some(application.id), &name)?.is_some() {
            return Err(Error::field(codes::USER_NAME_TAKEN, "user_name", format!("The application has a user '{name}' already.")).into());
        }
        let new = users::New {
            application_id: application.id,
            name,
            display_name: request.user_display_name,
            digests_encrypted,
            active: request.user_active,
            parent_accounting: request.parent_accounting,
            custom_data: request.user_custom_data,
            mobile_phone: request.mobile_phone,
        };
        Ok(Response { result: 1, user_id: users::insert(account, tx, &new, now)? })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    fn alice(application: &str) -> Vec<(&str, &str)> {
        vec![("application_id", application), ("user_name", "alice"), ("user_display_name", "Alice"), ("user_password", "Go0d-Passw")]
    }

    fn but<'a>(pairs: Vec<(&'a str, &'a str)>, name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
        pairs.into_iter().filter(|(other, _)| *other != name).chain([(name, value)]).collect()
    }

    #[on_both_databases]
    async fn a_user_is_added_to_its_application(world: World) {
        let shop = world.application("shop").await;
        let answer = world.ok(&world.owner, "AddUser", &but(alice(&shop), "user_custom_data", "vip")).await;
        let seen = world.ok(&world.owner, "GetUsers", &[("application_name", "shop")]).await;
        assert_eq!(seen["result"][0]["user_id"], answer["user_id"]);
        assert_eq!((&seen["result"][0]["user_active"], &seen["result"][0]["user_custom_data"]), (&json!(true), &json!("vip")));
    }

    #[on_both_databases]
    async fn every_bad_value_has_its_code(world: World) {
        let shop = world.application("shop").await;
        world.ok(&world.owner, "AddUser", &alice(&shop)).await;
        let long = "x".repeat(8_192);
        for (name, value, code) in [
            ("user_name", "alice", 118),
            ("user_name", "al", 122),
            ("user_name", "Alice", 122),
            ("user_name", "-alice", 122),
            ("user_name", "a\u{202e}lice", 122),
            ("user_name", "", 134),
            ("user_display_name", &long[..256], 157),
            ("user_password", "alice", 463),
            ("user_password", "alicealice", 464),
            ("user_password", "My-alice-1", 523),
            ("application_id", "99999", 116),
            ("application_id", "shop", 116),
            ("application_id", "", 134),
            ("user_active", "maybe", 101),
            ("user_custom_data", &long, 212),
        ] {
            assert_eq!(world.refused(&world.owner, "AddUser", &but(alice(&shop), name, value)).await, code, "{name}={value:.20}");
        }
        assert_eq!(world.ok(&world.owner, "GetUsers", &[("application_id", &shop)]).await["total_count"], 1);
    }

    #[on_both_databases]
    async fn the_limit_holds(world: World) {
        let world = world.with(|settings| settings.limits.users = 1).await;
        let shop = world.application("shop").await;
        world.ok(&world.owner, "AddUser", &alice(&shop)).await;
        assert_eq!(world.refused(&world.owner, "AddUser", &but(alice(&shop), "user_name", "bob")).await, 109);
    }

    #[on_both_databases]
    async fn the_password_is_kept_as_encrypted_digests_alone(world: World) {
        let shop = world.application("shop").await;
        let id = world.ok(&world.owner, "AddUser", &alice(&shop)).await["user_id"].as_i64().unwrap_or(0);
        let digests = world.user_digests(id).await;
        assert_eq!(digests, ("alice".to_owned(), crate::password::digests("alice", "Go0d-Passw")));
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await.to_string();
        assert!(!log.contains("Go0d-Passw"), "{log}");
    }
}
