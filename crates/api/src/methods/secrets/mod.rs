//! The secrets of applications: texts that scenarios read by name and nobody finds in their source.

use crate::{
    caller::Account,
    codes,
    error::{Error, Result, quote},
    secrets::{Purpose, Secrets},
    store::{
        db::Tx,
        secrets::{Sealed, Secret},
    },
    things::Thing,
    wire::{Rules, Scalar},
};

pub const GROUP: &str = "Secrets";

pub mod add_secret;
pub mod del_secret;
pub mod get_secret_value;
pub mod get_secrets;
pub mod set_secret_info;

/// Characters of a secret's value at most (semantics §20.4).
const LONGEST_VALUE: usize = 8_192;

/// Characters of a description that are kept; the rest is cut, as documented (semantics §20.4).
const KEPT_DESCRIPTION: usize = 200;

/// A secret's name: `[A-Za-z][A-Za-z0-9_]{0,63}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretName(pub String);

impl Scalar for SecretName {
    const TYPE: &'static str = "string";

    fn parse(text: &str, _rules: &Rules) -> Result<Self, String> {
        let first = text.starts_with(|c: char| c.is_ascii_alphabetic());
        let valid = first && text.len() <= 64 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if valid { Ok(Self(text.to_owned())) } else { Err(format!("must match [A-Za-z][A-Za-z0-9_]{{0,63}}, and {} does not.", quote(text))) }
    }
}

fn shortened(description: Option<String>) -> Option<String> {
    description.map(|text| text.chars().take(KEPT_DESCRIPTION).collect())
}

/// Refuses a name that another secret of the application has; `id` is the secret that is being renamed.
fn must_be_free(account: &Account, tx: &Tx, application_id: i64, field: &'static str, name: &str, id: Option<i64>) -> Result<()> {
    match Secret::by_name(account, tx, application_id, name)? {
        Some(other) if Some(other.id) != id => {
            Err(Error::field(codes::ARGUMENTS, field, format!("'{field}' is taken: the application has a secret '{name}' already.")).into())
        }
        _ => Ok(()),
    }
}

fn seal(secrets: &Secrets, application_id: i64, secret_id: i64, value: &str) -> Result<Vec<u8>> {
    secrets.encrypt(Purpose::ApplicationSecret { application_id, secret_id }, value.as_bytes())
}

/// The value of a secret.
pub(crate) fn open(secrets: &Secrets, application_id: i64, sealed: &Sealed) -> Result<String> {
    secrets.decrypt_text(Purpose::ApplicationSecret { application_id, secret_id: sealed.id }, &sealed.value_encrypted)
}
