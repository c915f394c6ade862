use std::collections::BTreeSet;

use super::profile::{self, FORMER_PASSWORDS};
use crate::{
    calls::Revoked,
    methods::prelude::*,
    password,
    secrets::Purpose,
    store::{
        accounts::{self, Changes, Child},
        db::Lock,
        logon_sessions, panel_sessions,
    },
    wire::{AccountEmail, Micros},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Accounts;
pub const ERRORS: &[Code] = &[
    codes::ACCOUNT_EMAIL_TAKEN,
    codes::PASSWORD_BLANK,
    codes::PASSWORD_CHARACTERS,
    codes::PASSWORD_SPACES,
    codes::PASSWORD_WEAK,
    codes::PASSWORD_USED_BEFORE,
    codes::RATE_LIMIT,
];

/// Child accounts that one call gives a new password: each takes some hashings.
const MOST_NEW_PASSWORDS: usize = 20;

#[derive(Request)]
pub struct Request {
    /// The children, or `all`.
    #[param(all)]
    pub children: Option<Many<Child>>,
    /// The children by their e-mails.
    #[param(code(CHILD_ACCOUNT_EMAIL))]
    pub child_account_email: Option<Vec<String>>,
    /// The child's new e-mail; for one child alone.
    #[param(code(NEW_CHILD_ACCOUNT_EMAIL))]
    pub new_child_account_email: Option<AccountEmail>,
    /// The child's new password.
    #[param(secret)]
    pub new_child_account_password: Option<String>,
    /// Service notifications.
    pub account_notifications: Option<bool>,
    /// Notifications of changed prices.
    pub tariff_changing_notifications: Option<bool>,
    /// News.
    pub news_notifications: Option<bool>,
    /// Whether the child's own credentials work.
    pub active: Option<bool>,
    /// Two letters, ISO 639-1.
    #[param(code(LANGUAGE_CODE))]
    pub language_code: Option<String>,
    /// The child's time zone.
    pub location: Option<String>,
    /// The balance below which a notification is sent.
    pub min_balance_to_notify: Option<Micros>,
    /// Allows payments by Robokassa.
    pub support_robokassa: Option<bool>,
    /// Allows payments by card.
    pub support_bank_card: Option<bool>,
    /// Allows payments by invoice.
    pub support_invoice: Option<bool>,
    /// Allows calls to restricted directions.
    pub can_use_restricted: Option<bool>,
    /// The URL that hears of the child's events.
    #[param(code(CALLBACK_URL), max_chars(2_000))]
    pub callback_url: Option<String>,
    /// A secret that goes into the hash of the child's callbacks.
    #[param(code(CALLBACK_SALT), max_chars(40), secret)]
    pub callback_salt: Option<String>,
}

pub type Response = Done;

/// Changes child accounts: those named, all of them or none.
#[method]
pub async fn set_child_account_info(call: &Call, request: Request) -> Result<Response> {
    if request.children.is_none() && request.child_account_email.is_none() {
        let text = "One of 'child_account_id', 'child_account_name' and 'child_account_email' is required.";
        return Err(Error::field(codes::REQUIRED, "child_account_id", text).into());
    }
    if let Some(url) = &request.callback_url
        && !(url.starts_with("https://") || url.starts_with("http://"))
    {
        return Err(Error::field(codes::CALLBACK_URL, "callback_url", "'callback_url' must begin with https:// or http://.").into());
    }
    let salt = request.callback_salt.map(|salt| call.api().secrets.encrypt(Purpose::CallbackSalt, salt.as_bytes())).transpose()?;
    let mut changes = Changes {
        email: request.new_child_account_email.map(|email| email.0),
        active: request.active,
        language_code: profile::language_code(request.language_code)?,
        location: profile::location(request.location)?,
        min_balance_to_notify_micros: request.min_balance_to_notify.map(|micros| micros.0),
        account_notifications: request.account_notifications,
        tariff_changing_notifications: request.tariff_changing_notifications,
        news_notifications: request.news_notifications,
        support_robokassa: request.support_robokassa,
        support_bank_card: request.support_bank_card,
        support_invoice: request.support_invoice,
        can_use_restricted: request.can_use_restricted,
        callback_url: request.callback_url,
        callback_salt_encrypted: salt,
        ..Changes::default()
    };
    let (many, emails) = (request.children, request.child_account_email.unwrap_or_default());
    let (named, named_emails) = (many.clone(), emails.clone());
    if let Some(new) = request.new_child_account_password {
        let children = call.read(move |account, tx| {
            let children = find(account, tx, named.as_ref(), &named_emails)?;
            children.into_iter().map(|child| Ok((accounts::passwords(tx, child.id, FORMER_PASSWORDS)?, child.name))).collect::<Result<Vec<_>>>()
        });
        let children = children.await?;
        if children.len() > MOST_NEW_PASSWORDS {
            let text = format!("'new_child_account_password' is for at most {MOST_NEW_PASSWORDS} child accounts at once.");
            return Err(Error::field(codes::ARGUMENTS, "new_child_account_password", text).into());
        }
        for (_, name) in &children {
            password::check("new_child_account_password", &new, name)?;
        }
        let hashes: Vec<String> = children.into_iter().flat_map(|(hashes, _)| hashes).collect();
        changes.password_must_change = Some(true);
        changes.password_hash = Some(call.compute(move || profile::new_password("new_child_account_password", &new, &hashes)).await?);
    }
    let now = call.now;
    call.write_and_revoke(move |account, tx| {
        let children = find(account, tx, many.as_ref(), &emails)?;
        if changes.password_hash.is_some() {
            // Against the children's own writes: no session may open with the former password meanwhile.
            let ids: BTreeSet<i64> = children.iter().map(|child| child.id).collect();
            for id in ids {
                tx.lock(Lock::Account(id))?;
            }
        }
        if let Some(email) = &changes.email {
            tx.lock(Lock::Accounts)?;
            let [child] = children.as_slice() else {
                return Err(Error::field(codes::NEW_CHILD_ACCOUNT_EMAIL, "new_child_account_email", "'new_child_account_email' is for one child account alone.").into());
            };
            profile::email_is_free(tx, "new_child_account_email", email, Some(child.id))?;
        }
        for child in &children {
            if changes.password_hash.is_some() {
                accounts::retire_password(tx, child.id, now)?;
                logon_sessions::end_of_account(tx, child.id, now)?;
                panel_sessions::end_of_user(tx, child.id, None, None)?;
            }
            accounts::update_child(account, tx, child, &changes)?;
        }
        let closed = children.iter().filter(|_| changes.active == Some(false));
        let revoked = closed.map(|child| Revoked::Account { account_id: child.id }).collect();
        Ok((Done::YES, revoked))
    })
    .await
}

fn find(account: &Account, tx: &Tx, many: Option<&Many<Child>>, emails: &[String]) -> Result<Vec<Child>> {
    if let Some(many) = many {
        return many.find(account, tx, ());
    }
    let by_email = |email: &String| {
        let unknown = || {
            Error::field(
                codes::CHILD_ACCOUNT_EMAIL,
                "child_account_email",
                format!("'child_account_email' is invalid: no child account has {}.", crate::error::quote(email)),
            )
        };
        Child::by_email(account, tx, email)?.ok_or_else(|| unknown().into())
    };
    emails.iter().map(by_email).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn several_children_change_together_or_not_at_all(world: World) {
        let (a, b) = (world.child("tenant-a", "a@example.org").await, world.child("tenant-b", "b@example.org").await);
        world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_id", format!("{a};{b}").as_str()), ("location", "Europe/Paris")]).await;
        assert_eq!(world.refused(&world.owner, "SetChildAccountInfo", &[("child_account_name", "tenant-a;nobody"), ("location", "Etc/GMT")]).await, 198);
        let seen = world.ok(&world.owner, "GetChildrenAccounts", &[("child_account_id", "all")]).await;
        assert_eq!((&seen["result"][0]["location"], &seen["result"][1]["location"]), (&json!("Europe/Paris"), &json!("Europe/Paris")));
    }

    #[on_both_databases]
    async fn a_child_is_closed_and_gets_a_new_password(world: World) {
        world.child("tenant-a", "a@example.org").await;
        let child = |password: &str| Who::Older(vec![("account_name".to_owned(), "tenant-a".to_owned()), ("account_password".to_owned(), password.to_owned())]);
        world.ok(&child(CHILD_PASSWORD), "GetKeys", &[]).await;
        world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_email", "A@example.org"), ("new_child_account_password", "N3w-Passwort")]).await;
        assert_eq!(world.refused(&child(CHILD_PASSWORD), "GetKeys", &[]).await, 100);
        world.ok(&child("N3w-Passwort"), "GetKeys", &[]).await;
        world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_name", "tenant-a"), ("active", "false")]).await;
        assert_eq!(world.refused(&child("N3w-Passwort"), "GetKeys", &[]).await, 131);
    }

    #[on_both_databases]
    async fn one_e_mail_is_for_one_child(world: World) {
        let a = world.child("tenant-a", "a@example.org").await;
        world.child("tenant-b", "b@example.org").await;
        assert_eq!(world.refused(&world.owner, "SetChildAccountInfo", &[("child_account_id", "all"), ("new_child_account_email", "c@example.org")]).await, 201);
        assert_eq!(world.refused(&world.owner, "SetChildAccountInfo", &[("child_account_id", a.as_str()), ("new_child_account_email", "b@example.org")]).await, 128);
        assert_eq!(world.refused(&world.owner, "SetChildAccountInfo", &[("active", "true")]).await, 134);
        assert_eq!(world.refused(&world.owner, "SetChildAccountInfo", &[("child_account_email", "x@example.org")]).await, 199);
        assert_eq!(world.refused(&world.owner, "SetChildAccountInfo", &[("child_account_id", world.account_id().as_str())]).await, 194);
    }
}
