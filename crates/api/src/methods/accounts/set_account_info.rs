use super::profile::{self, FORMER_PASSWORDS};
use crate::{
    methods::prelude::*,
    password,
    secrets::Purpose,
    store::{
        accounts::{self, Changes},
        db::Lock,
        logon_sessions, panel_sessions,
    },
    wire::{AccountEmail, Micros},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Accountant, Role::Payer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Accounts;
pub const ERRORS: &[Code] = &[
    codes::ACCESS_DENIED,
    codes::EMAIL_NEEDS_PASSWORD,
    codes::ACCOUNT_EMAIL_TAKEN,
    codes::PASSWORD_BLANK,
    codes::PASSWORD_CHARACTERS,
    codes::PASSWORD_SPACES,
    codes::PASSWORD_WEAK,
    codes::PASSWORD_USED_BEFORE,
    codes::RATE_LIMIT,
];

#[derive(Request)]
pub struct Request {
    /// The new e-mail. Only with the account's password.
    pub new_account_email: Option<AccountEmail>,
    /// The new password. Only by an Owner or with the account's password; an account that is signed in to the panel uses
    /// ChangePanelPassword.
    #[param(secret)]
    pub new_account_password: Option<String>,
    /// Two letters, ISO 639-1.
    #[param(code(LANGUAGE_CODE))]
    pub language_code: Option<String>,
    /// The account's time zone.
    pub location: Option<String>,
    /// The owner's first name.
    #[param(code(ACCOUNT_FIRST_NAME), max_chars(49))]
    pub account_first_name: Option<String>,
    /// The owner's last name.
    #[param(code(ACCOUNT_LAST_NAME), max_chars(49))]
    pub account_last_name: Option<String>,
    /// The balance below which a notification is sent.
    pub min_balance_to_notify: Option<Micros>,
    /// Service notifications.
    pub account_notifications: Option<bool>,
    /// Notifications of changed prices.
    pub tariff_changing_notifications: Option<bool>,
    /// News.
    pub news_notifications: Option<bool>,
    /// A mail for every error of a scenario.
    pub send_js_error: Option<bool>,
    /// The payer's name.
    #[param(code(BILLING_NAME), max_chars(199))]
    pub billing_address_name: Option<String>,
    /// The payer's country, ISO 3166-1 alpha-2.
    #[param(code(BILLING_COUNTRY_CODE), min_chars(2), max_chars(2))]
    pub billing_address_country_code: Option<String>,
    /// The payer's address.
    #[param(code(BILLING_ADDRESS), max_chars(511))]
    pub billing_address_address: Option<String>,
    /// The payer's postal code.
    #[param(code(BILLING_ZIP), max_chars(29))]
    pub billing_address_zip: Option<String>,
    /// The payer's phone.
    #[param(code(BILLING_PHONE), max_chars(29))]
    pub billing_address_phone: Option<String>,
    /// Free text.
    #[param(code(ACCOUNT_CUSTOM_DATA), max_chars(8_191))]
    pub account_custom_data: Option<String>,
    /// The URL that hears of events, by HTTP POST.
    #[param(code(CALLBACK_URL), max_chars(2_000))]
    pub callback_url: Option<String>,
    /// A secret that goes into the hash of every callback.
    #[param(code(CALLBACK_SALT), max_chars(40), secret)]
    pub callback_salt: Option<String>,
    /// Keeps the texts of sent messages.
    pub store_outbound_sms: Option<bool>,
    /// Keeps the texts of received messages.
    pub store_inbound_sms: Option<bool>,
    /// A mobile number.
    #[param(code(MOBILE_PHONE), max_chars(30))]
    pub mobile_phone: Option<String>,
}

pub type Response = Done;

/// Changes the account's profile.
///
/// A new password ends the sessions that Logon opened and those of the panel; one of the last five is refused.
#[method]
pub async fn set_account_info(call: &Call, request: Request) -> Result<Response> {
    let language_code = profile::language_code(request.language_code)?;
    let location = profile::location(request.location)?;
    if let Some(url) = &request.callback_url
        && !(url.starts_with("https://") || url.starts_with("http://"))
    {
        return Err(Error::field(codes::CALLBACK_URL, "callback_url", "'callback_url' must begin with https:// or http://.").into());
    }
    if request.new_account_email.is_some() && !call.caller.by_password() {
        return Err(Error::field(codes::EMAIL_NEEDS_PASSWORD, "new_account_email", "A new e-mail needs the account's password as credentials.").into());
    }
    let mut password_hash = None;
    if let Some(new) = request.new_account_password {
        call.caller.must_be_owner("change the account's password")?;
        let is_own = call.caller.home == call.account.id() && call.caller.subuser_id().is_none();
        if is_own && call.caller.panel_session().is_some() {
            return Err(Error::new(codes::ACCESS_DENIED, "This is your own password. ChangePanelPassword changes it, with the present one.").into());
        }
        password::check("new_account_password", &new, call.account.name())?;
        let hashes = call.read(|account, tx| Ok(accounts::passwords(tx, account.id(), FORMER_PASSWORDS)?)).await?;
        password_hash = Some(call.compute(move || profile::new_password("new_account_password", &new, &hashes)).await?);
    }
    let salt = request.callback_salt.map(|salt| call.api().secrets.encrypt(Purpose::CallbackSalt, salt.as_bytes())).transpose()?;
    let changes = Changes {
        email: request.new_account_email.map(|email| email.0),
        // A parent that acts here is somebody else.
        password_must_change: password_hash.as_ref().map(|_| call.caller.home != call.account.id()),
        password_hash,
        active: None,
        language_code,
        location,
        account_first_name: request.account_first_name,
        account_last_name: request.account_last_name,
        mobile_phone: request.mobile_phone,
        min_balance_to_notify_micros: request.min_balance_to_notify.map(|micros| micros.0),
        account_notifications: request.account_notifications,
        tariff_changing_notifications: request.tariff_changing_notifications,
        news_notifications: request.news_notifications,
        send_js_error: request.send_js_error,
        billing_address_name: request.billing_address_name,
        billing_address_country_code: request.billing_address_country_code.map(|code| code.to_uppercase()),
        billing_address_address: request.billing_address_address,
        billing_address_zip: request.billing_address_zip,
        billing_address_phone: request.billing_address_phone,
        account_custom_data: request.account_custom_data,
        callback_url: request.callback_url,
        callback_salt_encrypted: salt,
        store_outbound_sms: request.store_outbound_sms,
        store_inbound_sms: request.store_inbound_sms,
        ..Changes::default()
    };
    let now = call.now;
    call.write(move |account, tx| {
        if let Some(email) = &changes.email {
            tx.lock(Lock::Accounts)?;
            profile::email_is_free(tx, "new_account_email", email, Some(account.id()))?;
        }
        if changes.password_hash.is_some() {
            accounts::retire_password(tx, account.id(), now)?;
            logon_sessions::end_of_account(tx, account.id(), now)?;
            panel_sessions::end_of_user(tx, account.id(), None, None)?;
        }
        accounts::update(account, tx, &changes)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    const NEW: &str = "N3w-Passwort";

    #[on_both_databases]
    async fn only_what_is_sent_changes(world: World) {
        let set = [
            ("language_code", "DE"),
            ("location", "Europe/Berlin"),
            ("account_first_name", "Ada"),
            ("min_balance_to_notify", "2.5"),
            ("send_js_error", "1"),
            ("callback_salt", "pepper"),
        ];
        world.ok(&world.owner, "SetAccountInfo", &set).await;
        world.ok(&world.owner, "SetAccountInfo", &[("account_last_name", "L."), ("account_first_name", "")]).await;
        let seen = world.ok(&world.owner, "GetAccountInfo", &[]).await["result"].clone();
        assert_eq!((&seen["language_code"], &seen["location"], &seen["account_first_name"]), (&json!("de"), &json!("Europe/Berlin"), &json!("Ada")));
        assert_eq!((&seen["min_balance_to_notify"], &seen["send_js_error"], &seen["callback_salt"]), (&json!(2.5), &json!(true), &json!("pepper")));
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await.to_string();
        assert!(!log.contains("pepper"), "{log}");
    }

    #[on_both_databases]
    async fn the_password_changes_by_owner_or_password_alone(world: World) {
        let admin = world.key(&["Admin"]).await;
        assert_eq!(world.refused(&admin, "SetAccountInfo", &[("new_account_password", NEW)]).await, 104);
        let api_key = world.api_key().await;
        world.ok(&api_key, "SetAccountInfo", &[("new_account_password", NEW)]).await;
        assert_eq!(world.refused(&world.password(), "GetKeys", &[]).await, 100);
        world.ok(&world.with_password(NEW), "GetKeys", &[]).await;
    }

    #[on_both_databases]
    async fn a_session_changes_its_own_password_by_the_present_one_alone(world: World) {
        let account = world.panel(&world.password()).await;
        world.second_factor(&account).await;
        assert_eq!(world.refused(&account, "SetAccountInfo", &[("new_account_password", NEW)]).await, 104);
        assert_eq!(world.refused(&account, "RemoveSecondFactor", &[("password", NEW)]).await, 448);
        world.ok(&account, "SetAccountInfo", &[("account_first_name", "Ada")]).await;
        // Another's password is set without it: that of a child, and the account's by an Owner.
        let child = world.child("tenant-1", "t1@example.org").await;
        world.ok(&account, "SetAccountInfo", &[("account_id", &child), ("new_account_password", NEW)]).await;
        world.add_subuser("alice", &["Owner"]).await;
        let alice = world.panel(&world.subuser("alice", SUBUSER_PASSWORD)).await;
        world.ok(&alice, "SetAccountInfo", &[("new_account_password", NEW)]).await;
        assert_eq!(world.refused(&account, "GetPanelSession", &[]).await, 100);
        world.ok(&alice, "GetPanelSession", &[]).await;
    }

    #[on_both_databases]
    async fn an_old_password_is_not_taken_again(world: World) {
        let original = world.owner_password.clone();
        world.ok(&world.owner, "SetAccountInfo", &[("new_account_password", NEW)]).await;
        assert_eq!(world.refused(&world.owner, "SetAccountInfo", &[("new_account_password", &original)]).await, 535);
        assert_eq!(world.refused(&world.owner, "SetAccountInfo", &[("new_account_password", NEW)]).await, 535);
        assert_eq!(world.refused(&world.owner, "SetAccountInfo", &[("new_account_password", "with Space-1")]).await, 524);
    }

    #[on_both_databases]
    async fn the_e_mail_needs_the_password(world: World) {
        assert_eq!(world.refused(&world.owner, "SetAccountInfo", &[("new_account_email", "new@example.org")]).await, 537);
        world.ok(&world.password(), "SetAccountInfo", &[("new_account_email", "new@example.org")]).await;
        assert_eq!(world.ok(&world.owner, "GetAccountInfo", &[]).await["result"]["account_email"], "new@example.org");
        world.child("another", "another@example.org").await;
        assert_eq!(world.refused(&world.password(), "SetAccountInfo", &[("new_account_email", "ANOTHER@example.org")]).await, 128);
    }

    #[on_both_databases]
    async fn several_wrong_fields_are_all_reported(world: World) {
        let long = "x".repeat(300);
        let answer = world.call(&world.owner, "SetAccountInfo", &[("account_first_name", &long), ("billing_address_zip", &long), ("send_js_error", "perhaps")]).await;
        let codes: Vec<_> = answer["errors"].as_array().into_iter().flatten().map(|error| error["code"].clone()).collect();
        assert_eq!(codes, [163, 101, 207]);
        assert_eq!(answer["error"], answer["errors"][0]);
    }

    #[on_both_databases]
    async fn values_have_their_form(world: World) {
        for (name, value, code) in [
            ("language_code", "deu", 202),
            ("location", "Mars/Base", 101),
            ("callback_url", "ftp://x", 398),
            ("callback_salt", &"s".repeat(41), 399),
            ("min_balance_to_notify", "much", 101),
        ] {
            assert_eq!(world.refused(&world.owner, "SetAccountInfo", &[(name, value)]).await, code, "{name}");
        }
    }
}
