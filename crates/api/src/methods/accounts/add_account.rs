use super::profile;
use crate::{
    bootstrap::FreshAccount,
    methods::prelude::*,
    password,
    store::{
        accounts::{self, Changes, Child, New},
        db::Lock,
    },
    things::Thing,
    wire::{AccountEmail, Micros},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Accounts;
pub const ERRORS: &[Code] = &[
    codes::ACCOUNT_NAME_TAKEN,
    codes::ACCOUNT_NAME_LENGTH,
    codes::ACCOUNT_NAME_FORM,
    codes::ACCOUNT_NAME_FORBIDDEN,
    codes::ACCOUNT_EMAIL_TAKEN,
    codes::CHILD_ACCOUNT_LIMIT,
    codes::PASSWORD_BLANK,
    codes::PASSWORD_CHARACTERS,
    codes::PASSWORD_SPACES,
    codes::PASSWORD_WEAK,
    codes::RATE_LIMIT,
];

#[derive(Request)]
pub struct Request {
    /// The new account's name: 5 to 20 characters, a letter first, lower case latin letters, digits and hyphens.
    pub account_name: String,
    /// The new account's e-mail.
    pub account_email: AccountEmail,
    /// The new account's password: 8 characters or more with upper case, lower case, digit and special character.
    #[param(secret)]
    pub account_password: String,
    /// Active from the start.
    #[param(default("false"))]
    pub active: bool,
    /// Two letters, ISO 639-1.
    #[param(code(LANGUAGE_CODE))]
    pub language_code: Option<String>,
    /// The account's time zone.
    pub location: Option<String>,
    /// Service notifications.
    pub account_notifications: Option<bool>,
    /// Notifications of changed prices.
    pub tariff_changing_notifications: Option<bool>,
    /// News.
    pub news_notifications: Option<bool>,
    /// The balance below which a notification is sent.
    pub min_balance_to_notify: Option<Micros>,
    /// The owner's first name.
    #[param(code(ACCOUNT_FIRST_NAME), max_chars(49))]
    pub account_first_name: Option<String>,
    /// The owner's last name.
    #[param(code(ACCOUNT_LAST_NAME), max_chars(49))]
    pub account_last_name: Option<String>,
    /// Free text.
    #[param(code(ACCOUNT_CUSTOM_DATA), max_chars(8_191))]
    pub account_custom_data: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    pub account_id: i64,
    /// The new account's API key.
    pub api_key: String,
    pub active: bool,
}

/// Creates a child account.
///
/// The older credentials of this method are those of the parent: `parent_account_id`, `parent_account_name` or
/// `parent_account_email` with `parent_account_api_key` or `parent_account_password`. A JWT of the parent replaces them.
#[method(parent_credentials)]
pub async fn add_account(call: &Call, request: Request) -> Result<Response> {
    let name = profile::account_name(&request.account_name)?;
    let language_code = profile::language_code(request.language_code)?;
    let location = profile::location(request.location)?;
    password::check("account_password", &request.account_password, &name)?;
    let most = call.api().settings.limits.child_accounts;
    call.read(move |account, tx| room_for_a_child(account, tx, most)).await?;
    let (secrets, password) = (call.api().secrets.clone(), request.account_password);
    let fresh = call.compute(move || FreshAccount::generate(&secrets, &password)).await?;
    let changes = Changes {
        language_code,
        location,
        account_notifications: request.account_notifications,
        tariff_changing_notifications: request.tariff_changing_notifications,
        news_notifications: request.news_notifications,
        min_balance_to_notify_micros: request.min_balance_to_notify.map(|micros| micros.0),
        account_first_name: request.account_first_name,
        account_last_name: request.account_last_name,
        account_custom_data: request.account_custom_data,
        ..Changes::default()
    };
    let (now, active, email) = (call.now, request.active, request.account_email.0);
    call.write(move |account, tx| {
        tx.lock(Lock::Accounts)?;
        room_for_a_child(account, tx, most)?;
        if accounts::tenant_by_name(tx, &name)?.is_some() {
            return Err(Error::field(codes::ACCOUNT_NAME_TAKEN, "account_name", format!("There is an account '{name}' already.")).into());
        }
        profile::email_is_free(tx, "account_email", &email, None)?;
        let new = New {
            parent_id: Some(account.id()),
            name,
            email,
            password_hash: fresh.password_hash,
            password_must_change: true,
            api_key_hash: fresh.api_key_hash,
            api_key_encrypted: fresh.api_key_encrypted,
            active,
            created_at: now,
        };
        let account_id = accounts::insert(tx, &new)?;
        if let Some(child) = Child::by_id(account, tx, (), account_id)? {
            accounts::update_child(account, tx, &child, &changes)?;
        }
        Ok(Response { result: 1, account_id, api_key: fresh.api_key, active })
    })
    .await
}

/// Checked before the password is hashed, which is dear, and again when the account is stored.
fn room_for_a_child(account: &Account, tx: &Tx, most: i64) -> Result<()> {
    if accounts::count_children(account, tx)? >= most {
        return Err(limit(codes::CHILD_ACCOUNT_LIMIT, "child accounts", most, "limits.child_accounts").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    const PASSWORD: &str = "Go0d-Passw";

    fn new<'a>(name: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![("account_name", name), ("account_email", email), ("account_password", PASSWORD)]
    }

    #[on_both_databases]
    async fn a_child_has_credentials_of_its_own(world: World) {
        let answer = world.ok(&world.owner, "AddAccount", &[new("tenant-1", "t1@example.org"), vec![("active", "true")]].concat()).await;
        let id = answer["account_id"].to_string();
        let child = Who::Older(vec![("account_id".to_owned(), id), ("api_key".to_owned(), answer["api_key"].as_str().unwrap_or_default().to_owned())]);
        let seen = world.ok(&child, "GetAccountInfo", &[]).await;
        assert_eq!(seen["result"]["account_name"], "tenant-1");
        assert_eq!(world.ok(&child, "GetApplications", &[]).await["total_count"], 0);
    }

    #[on_both_databases]
    async fn a_child_that_is_not_active_cannot_call_but_its_parent_can(world: World) {
        let answer = world.ok(&world.owner, "AddAccount", &new("tenant-1", "t1@example.org")).await;
        let id = answer["account_id"].to_string();
        let child = Who::Older(vec![("account_name".to_owned(), "tenant-1".to_owned()), ("account_password".to_owned(), PASSWORD.to_owned())]);
        assert_eq!(world.refused(&child, "GetAccountInfo", &[]).await, 131);
        assert_eq!(world.ok(&world.owner.on(&id), "GetAccountInfo", &[]).await["result"]["account_name"], "tenant-1");
    }

    #[on_both_databases]
    async fn the_parent_may_use_its_older_credentials(world: World) {
        let parent = [("parent_account_name", "owner"), ("parent_account_password", world.owner_password.as_str())];
        let answer = world.call(&Who::Nobody, "AddAccount", &[new("tenant-1", "t1@example.org"), parent.to_vec()].concat()).await;
        assert_eq!(answer["result"], 1, "{answer}");
        let both = world.call(&world.owner, "AddAccount", &[new("tenant-2", "t2@example.org"), parent.to_vec()].concat()).await;
        assert_eq!(both["error"]["code"], 100);
    }

    #[on_both_databases]
    async fn names_and_e_mails_are_unique_and_in_form(world: World) {
        world.child("tenant-1", "t1@example.org").await;
        for (name, email, code) in [
            ("tenant-1", "t2@example.org", 106),
            ("tenant-2", "T1@example.org", 128),
            ("tena", "t2@example.org", 113),
            ("Tenant-2", "t2@example.org", 114),
            ("2tenant", "t2@example.org", 114),
            ("admin", "t2@example.org", 173),
            ("tenant-2", "nobody", 136),
        ] {
            assert_eq!(world.refused(&world.owner, "AddAccount", &new(name, email)).await, code, "{name} {email}");
        }
        assert_eq!(world.refused(&world.key(&["Developer"]).await, "AddAccount", &new("tenant-2", "t2@example.org")).await, 104);
    }

    #[on_both_databases]
    async fn the_limit_holds(world: World) {
        let world = world.with(|settings| settings.limits.child_accounts = 0).await;
        assert_eq!(world.refused(&world.owner, "AddAccount", &new("tenant-1", "t1@example.org")).await, 471);
    }
}
