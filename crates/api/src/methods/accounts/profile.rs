//! An account in answers, and the checks of its fields.

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Api, codes,
    error::{Error, Result, quote},
    password,
    secrets::Purpose,
    store::{accounts::Profile, db::Tx},
    wire::{Micros, Utc},
};

/// Former passwords that may not be used again.
pub const FORMER_PASSWORDS: i64 = 5;

#[derive(Serialize, JsonSchema)]
pub struct AccountInfo {
    pub account_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_email: Option<String>,
    #[serde(flatten)]
    pub details: Option<Details>,
}

#[derive(Serialize, JsonSchema)]
pub struct Details {
    /// Only for callers with the account's password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_last_name: Option<String>,
    pub created: Utc,
    pub language_code: String,
    pub location: String,
    pub min_balance_to_notify: Micros,
    pub account_notifications: bool,
    pub tariff_changing_notifications: bool,
    pub news_notifications: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_address_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_address_country_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_address_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_address_zip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_address_phone: Option<String>,
    pub active: bool,
    pub frozen: bool,
    pub balance: Micros,
    pub credit_limit: Micros,
    pub currency: String,
    pub support_robokassa: bool,
    pub support_bank_card: bool,
    pub support_invoice: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_custom_data: Option<String>,
    /// The methods that the caller may call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_entries: Option<Vec<&'static str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_url: Option<String>,
    /// Only for Owners.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub callback_salt: Option<String>,
    pub send_js_error: bool,
}

/// Which secrets a view may hold.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    pub api_key: bool,
    pub callback_salt: bool,
}

impl AccountInfo {
    pub fn full(api: &Api, profile: Profile, shown: Shown) -> Result<Self> {
        let api_key = if shown.api_key { Some(api.secrets.decrypt_text(Purpose::ApiKey, &profile.api_key_encrypted)?) } else { None };
        let salt = profile.callback_salt_encrypted.filter(|_| shown.callback_salt);
        let callback_salt = salt.map(|sealed| api.secrets.decrypt_text(Purpose::CallbackSalt, &sealed)).transpose()?;
        Ok(Self {
            account_id: profile.id,
            account_name: Some(profile.name),
            account_email: Some(profile.email),
            details: Some(Details {
                api_key,
                account_first_name: profile.account_first_name,
                account_last_name: profile.account_last_name,
                created: profile.created_at,
                language_code: profile.language_code,
                location: profile.location,
                min_balance_to_notify: Micros(profile.min_balance_to_notify_micros),
                account_notifications: profile.account_notifications,
                tariff_changing_notifications: profile.tariff_changing_notifications,
                news_notifications: profile.news_notifications,
                billing_address_name: profile.billing_address_name,
                billing_address_country_code: profile.billing_address_country_code,
                billing_address_address: profile.billing_address_address,
                billing_address_zip: profile.billing_address_zip,
                billing_address_phone: profile.billing_address_phone,
                active: profile.active,
                frozen: profile.frozen,
                balance: Micros(profile.balance_micros),
                credit_limit: Micros(profile.credit_limit_micros),
                currency: profile.currency,
                support_robokassa: profile.support_robokassa,
                support_bank_card: profile.support_bank_card,
                support_invoice: profile.support_invoice,
                account_custom_data: profile.account_custom_data,
                access_entries: None,
                callback_url: profile.callback_url,
                callback_salt,
                send_js_error: profile.send_js_error,
            }),
        })
    }
}

/// An account's name: 5 to 20 characters, a letter first, lower case, digits, hyphens (semantics §7.1).
pub fn account_name(text: &str) -> Result<String, Error> {
    const FORBIDDEN: [&str; 12] =
        ["admin", "administrator", "cordboard", "voximplant", "support", "system", "public", "private", "internal", "localhost", "postmaster", "webmaster"];
    let wrong = |code, sentence: &str| Error::field(code, "account_name", format!("'account_name' {sentence}"));
    if !(5..=20).contains(&text.chars().count()) {
        return Err(wrong(codes::ACCOUNT_NAME_LENGTH, "must have 5 to 20 characters."));
    }
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) || !text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
        return Err(wrong(codes::ACCOUNT_NAME_FORM, "must begin with a letter and hold lower case latin letters, digits and hyphens only."));
    }
    if FORBIDDEN.contains(&text) {
        return Err(wrong(codes::ACCOUNT_NAME_FORBIDDEN, "is reserved; choose another."));
    }
    Ok(text.to_owned())
}

/// Two letters, ISO 639-1.
pub fn language_code(text: Option<String>) -> Result<Option<String>, Error> {
    let valid = |text: &String| text.len() == 2 && text.chars().all(|c| c.is_ascii_alphabetic());
    match text {
        Some(text) if !valid(&text) => {
            Err(Error::field(codes::LANGUAGE_CODE, "language_code", format!("'language_code' must have two letters such as en, not {}.", quote(&text))))
        }
        other => Ok(other.map(|text| text.to_lowercase())),
    }
}

/// A time zone's name.
pub fn location(text: Option<String>) -> Result<Option<String>, Error> {
    match &text {
        Some(name) if jiff::tz::TimeZone::get(name).is_err() => {
            Err(Error::field(codes::ARGUMENTS, "location", format!("'location' must be a time zone such as Europe/Berlin or Etc/GMT, not {}.", quote(name))))
        }
        _ => Ok(text),
    }
}

/// The new password's hash: in form, and neither the present password nor one of the last ones.
pub fn new_password(field: &'static str, password: &str, hashes: &[String]) -> Result<String> {
    if hashes.iter().any(|hash| password::verify(password, hash)) {
        return Err(Error::field(codes::PASSWORD_USED_BEFORE, field, format!("'{field}' was used before; choose another.")).into());
    }
    password::hash(password)
}

/// Refuses an e-mail that another account has.
pub fn email_is_free(tx: &Tx, field: &'static str, email: &str, own_id: Option<i64>) -> Result<()> {
    match crate::store::accounts::tenant_by_email(tx, email)? {
        Some(other) if Some(other.id) != own_id => Err(Error::field(codes::ACCOUNT_EMAIL_TAKEN, field, format!("'{field}' belongs to another account.")).into()),
        _ => Ok(()),
    }
}
