//! The key-value storage of applications. The scenarios of an application use the same items (`scenario::storage`).

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    call::limit,
    caller::Account,
    codes,
    error::{Error, Result, quote},
    store::{
        db::Tx,
        key_values::{self, Expired, Item, Key},
    },
    wire::{Rules, Scalar, Utc},
};

pub const GROUP: &str = "KeyValueStorage";

pub mod del_key_value_item;
pub mod get_key_value_item;
pub mod get_key_value_items;
pub mod get_key_value_keys;
pub mod set_key_value_item;

/// Characters of a key at most (semantics §20.1).
pub(crate) const LONGEST_KEY: usize = 200;

/// Characters of a value at most (semantics §20.1).
pub(crate) const LONGEST_VALUE: usize = 2_000;

/// Seconds that an item lives at most, 90 days (semantics §20.1).
pub(crate) const LONGEST_TTL_SECONDS: i64 = 7_776_000;

/// Seconds that an item lives where nothing else is said, 30 days (semantics §20.1).
const USUAL_TTL_SECONDS: i64 = 2_592_000;

/// Expired items that a new key takes away at most where the storage is full.
const FORGOTTEN_WHEN_FULL: i64 = 100;

/// A key, or the beginning of one: 1 to 200 Latin and Cyrillic letters, digits and `_-:;.#+`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StorageKey(pub String);

impl Scalar for StorageKey {
    const TYPE: &'static str = "string";

    fn parse(text: &str, rules: &Rules) -> Result<Self, String> {
        let key = String::parse(text, &Rules { min_chars: 1, max_chars: LONGEST_KEY, ..*rules })?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_-:;.#+ёЁ".contains(c) || ('А'..='я').contains(&c);
        if key.chars().all(allowed) {
            Ok(Self(key))
        } else {
            Err(format!("may have Latin and Cyrillic letters, digits and _-:;.#+ alone, and {} has others.", quote(text)))
        }
    }
}

/// When an item that is stored now expires. At most one of a lifetime in seconds and a moment in Unix seconds is given.
pub(crate) fn expiry(ttl: Option<i64>, expires_at: Option<i64>, now: Utc) -> Result<Utc, Error> {
    let seconds = now.0.div_euclid(1_000);
    match (ttl, expires_at) {
        (Some(_), Some(_)) => Err(Error::field(codes::ONLY_ONE_OF, "ttl", "Only one of 'ttl' and 'expires_at' may be given.")),
        (None, Some(at)) if (seconds..=seconds + LONGEST_TTL_SECONDS).contains(&at) => Ok(Utc(at * 1_000)),
        (None, Some(at)) => Err(Error::field(
            codes::ARGUMENTS,
            "expires_at",
            format!("'expires_at' must be Unix seconds from now, {seconds}, to {LONGEST_TTL_SECONDS} seconds ahead, not {at}."),
        )),
        (ttl, None) => Ok(Utc(now.0 + ttl.unwrap_or(USUAL_TTL_SECONDS) * 1_000)),
    }
}

/// Makes or replaces an item; one that expires at once is deleted. `most` is the setting `limits.key_values`.
pub(crate) fn put(account: &Account, tx: &Tx, application_id: i64, item: &Item, most: i64, now: Utc) -> Result<()> {
    if item.expires_at <= now {
        return Ok(key_values::delete(account, tx, application_id, &item.key)?);
    }
    if key_values::find(account, tx, application_id, &item.key, now)?.is_none() {
        if key_values::count(account, tx, application_id)? >= most {
            key_values::forget(tx, Expired { account_id: account.id(), application_id }, now, FORGOTTEN_WHEN_FULL)?;
        }
        if key_values::count(account, tx, application_id)? >= most {
            return Err(limit(codes::ARGUMENTS, "items in the storage of an application", most, "limits.key_values").into());
        }
    }
    Ok(key_values::put(account, tx, application_id, item)?)
}

#[derive(Serialize, JsonSchema)]
pub struct ItemView {
    pub key: String,
    pub value: String,
    /// Unix seconds.
    pub expires_at: i64,
}

impl From<Item> for ItemView {
    fn from(item: Item) -> Self {
        Self { key: item.key, value: item.value, expires_at: item.expires_at.0.div_euclid(1_000) }
    }
}

#[derive(Serialize, JsonSchema)]
pub struct KeyView {
    pub key: String,
    /// Unix seconds.
    pub expires_at: i64,
}

impl From<Key> for KeyView {
    fn from(key: Key) -> Self {
        Self { key: key.key, expires_at: key.expires_at.0.div_euclid(1_000) }
    }
}
