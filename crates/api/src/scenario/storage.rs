//! ApplicationStorage and secrets of a running session (voxengine §24).

use std::collections::BTreeMap;

pub use crate::store::key_values::Item;
use crate::{
    Api,
    caller::Account,
    codes,
    error::{Error, Result},
    methods::{
        key_value_storage::{self, LONGEST_TTL_SECONDS, LONGEST_VALUE, StorageKey},
        secrets as application_secrets,
    },
    store::{
        applications::Application,
        db::{Lock, Tx},
        key_values, secrets,
    },
    things::{LARGEST_PAGE, Page, Thing},
    wire::{Rules, Scalar, Utc},
};

/// Keys that `storage_keys` gives where a scenario names no count.
pub const USUAL_KEYS: i64 = 1_000;

impl Api {
    /// The item of a key; `None` when there is none or it has expired.
    pub async fn storage_get(&self, account: &Account, application_id: i64, key: &str, now: Utc) -> Result<Option<Item>> {
        let key = parsed::<StorageKey>("key", key, &Rules::NONE)?;
        self.read_of(account, application_id, move |account, tx| Ok(key_values::find(account, tx, application_id, &key.0, now)?)).await
    }

    /// Makes or replaces an item. It lives 30 days when there is no `ttl_seconds`, and is deleted when that is 0.
    pub async fn storage_put(&self, account: &Account, application_id: i64, key: &str, value: &str, ttl_seconds: Option<i64>, now: Utc) -> Result<Item> {
        let key = parsed::<StorageKey>("key", key, &Rules::NONE)?;
        let value = parsed::<String>("value", value, &Rules::NONE.max_chars(LONGEST_VALUE))?;
        if value.contains('\0') {
            return Err(Error::field(codes::ARGUMENTS, "value", "'value' holds a NUL character.").into());
        }
        let ttl = ttl_seconds.map(|seconds| parsed::<i64>("ttl", &seconds.to_string(), &Rules::NONE.min(0).max(LONGEST_TTL_SECONDS))).transpose()?;
        let item = Item { key: key.0, value, expires_at: key_value_storage::expiry(ttl, None, now)? };
        let most = self.settings.limits.key_values;
        self.write_of(account, application_id, move |account, tx| {
            key_value_storage::put(account, tx, application_id, &item, most, now)?;
            Ok(item)
        })
        .await
    }

    /// Deletes the item of a key and gives it back, expired now.
    pub async fn storage_remove(&self, account: &Account, application_id: i64, key: &str, now: Utc) -> Result<Option<Item>> {
        let key = parsed::<StorageKey>("key", key, &Rules::NONE)?;
        self.write_of(account, application_id, move |account, tx| {
            let item = key_values::find(account, tx, application_id, &key.0, now)?;
            key_values::delete(account, tx, application_id, &key.0)?;
            Ok(item.map(|item| Item { expires_at: now, ..item }))
        })
        .await
    }

    /// The first keys in order. `pattern` is the namespace before a key's colon; one that holds a colon is the beginning of a key.
    pub async fn storage_keys(&self, account: &Account, application_id: i64, pattern: Option<&str>, count: i64, now: Utc) -> Result<Vec<String>> {
        let count = parsed::<i64>("count", &count.to_string(), &Rules::NONE.min(0).max(LARGEST_PAGE))?;
        let prefix = match pattern.filter(|pattern| !pattern.is_empty()) {
            None => String::new(),
            Some(pattern) => {
                let StorageKey(pattern) = parsed("pattern", pattern, &Rules::NONE)?;
                if pattern.contains(':') { pattern } else { format!("{pattern}:") }
            }
        };
        let keys = self.read_of(account, application_id, move |account, tx| Ok(key_values::keys(account, tx, application_id, &prefix, Page::first(count), now)?));
        Ok(keys.await?.into_iter().map(|key| key.key).collect())
    }

    /// Every secret of an application by its name, for the start of a session.
    pub async fn secrets_of(&self, account: &Account, application_id: i64) -> Result<BTreeMap<String, String>> {
        let sealed = self.read_of(account, application_id, move |account, tx| Ok(secrets::all_sealed(account, tx, application_id)?)).await?;
        sealed.into_iter().map(|sealed| Ok((sealed.name.clone(), application_secrets::open(&self.secrets, application_id, &sealed)?))).collect()
    }

    async fn read_of<R: Send + 'static>(&self, account: &Account, application_id: i64, work: impl FnOnce(&Account, &Tx) -> Result<R> + Send + 'static) -> Result<R> {
        let account = account.clone();
        let checked = move |tx: &Tx| {
            must_have(&account, tx, application_id)?;
            work(&account, tx)
        };
        self.db.read(checked).await
    }

    async fn write_of<R: Send + 'static>(&self, account: &Account, application_id: i64, work: impl FnOnce(&Account, &Tx) -> Result<R> + Send + 'static) -> Result<R> {
        let account = account.clone();
        let lock = Lock::Account(account.id());
        let checked = move |tx: &Tx| {
            must_have(&account, tx, application_id)?;
            work(&account, tx)
        };
        self.db.write(lock, checked).await
    }
}

/// Refuses an application that is not the account's, or was deleted while the session ran.
fn must_have(account: &Account, tx: &Tx, application_id: i64) -> Result<()> {
    let missing = || Error::field(codes::APPLICATION_ID, "application_id", format!("'application_id' is invalid: there is no application {application_id}."));
    Application::by_id(account, tx, (), application_id)?.map(|_| ()).ok_or_else(|| missing().into())
}

fn parsed<S: Scalar>(name: &'static str, text: &str, rules: &Rules) -> Result<S, Error> {
    S::parse(text, rules).map_err(|sentence| rules.wrong(name, S::CODE, &sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Who, World, json, on_both_databases};

    async fn account(world: &World, who: &Who) -> Account {
        world.authenticated(who, "GetApplications").await.account
    }

    fn code<T: std::fmt::Debug>(result: Result<T>) -> u16 {
        result.unwrap_err().first_code().0
    }

    #[on_both_databases]
    async fn sessions_and_calls_share_the_items(mut world: World) {
        let shop = world.application("shop").await;
        let (id, owner) = (shop.parse().unwrap(), account(&world, &world.owner).await);
        let put = world.api.storage_put(&owner, id, "calls:1", "1", Some(60), world.now()).await.unwrap();
        assert_eq!((put.key.as_str(), put.value.as_str(), put.expires_at), ("calls:1", "1", Utc(world.now().0 + 60_000)));
        let seen = world.ok(&world.owner, "GetKeyValueItem", &[("application_id", &shop), ("key", "calls:1")]).await;
        assert_eq!(seen["result"]["value"], "1");
        world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &shop), ("key", "calls:1"), ("value", "2"), ("ttl", "90")]).await;
        let got = world.api.storage_get(&owner, id, "calls:1", world.now()).await.unwrap();
        assert_eq!(got, Some(Item { key: "calls:1".to_owned(), value: "2".to_owned(), expires_at: Utc(world.now().0 + 90_000) }));
        assert_eq!(world.api.storage_get(&owner, id, "calls:2", world.now()).await.unwrap(), None);
        world.advance_ms(90_000);
        assert_eq!(world.api.storage_get(&owner, id, "calls:1", world.now()).await.unwrap(), None);
        assert_eq!(world.api.storage_remove(&owner, id, "calls:1", world.now()).await.unwrap(), None);
        let usual = world.api.storage_put(&owner, id, "k", "", None, world.now()).await.unwrap();
        assert_eq!((usual.value.as_str(), usual.expires_at), ("", Utc(world.now().0 + 2_592_000_000)));
    }

    #[on_both_databases]
    async fn a_removed_item_is_given_back_expired(world: World) {
        let (id, owner) = (world.application("shop").await.parse().unwrap(), account(&world, &world.owner).await);
        for key in ["a", "b"] {
            world.api.storage_put(&owner, id, key, "v", Some(60), world.now()).await.unwrap();
        }
        let removed = world.api.storage_remove(&owner, id, "a", world.now()).await.unwrap();
        assert_eq!(removed, Some(Item { key: "a".to_owned(), value: "v".to_owned(), expires_at: world.now() }));
        assert_eq!(world.api.storage_remove(&owner, id, "a", world.now()).await.unwrap(), None);
        world.api.storage_put(&owner, id, "b", "w", Some(0), world.now()).await.unwrap();
        assert_eq!(world.api.storage_keys(&owner, id, None, USUAL_KEYS, world.now()).await.unwrap(), [""; 0]);
    }

    #[on_both_databases]
    async fn keys_are_found_by_their_namespace(mut world: World) {
        let (id, owner) = (world.application("shop").await.parse().unwrap(), account(&world, &world.owner).await);
        for key in ["calls:2", "calls:1:x", "calls", "callsign:1", "other:calls:1"] {
            world.api.storage_put(&owner, id, key, "v", None, world.now()).await.unwrap();
        }
        world.api.storage_put(&owner, id, "calls:0", "v", Some(1), world.now()).await.unwrap();
        world.advance_ms(1_000);
        let keys = async |pattern, count| world.api.storage_keys(&owner, id, pattern, count, world.now()).await.unwrap();
        assert_eq!(keys(None, USUAL_KEYS).await, ["calls", "calls:1:x", "calls:2", "callsign:1", "other:calls:1"]);
        assert_eq!(keys(Some(""), 2).await, ["calls", "calls:1:x"]);
        assert_eq!(keys(Some("calls"), USUAL_KEYS).await, ["calls:1:x", "calls:2"]);
        assert_eq!(keys(Some("calls:"), USUAL_KEYS).await, ["calls:1:x", "calls:2"]);
        assert_eq!(keys(Some("calls:1"), USUAL_KEYS).await, ["calls:1:x"]);
        assert_eq!(keys(Some("call"), USUAL_KEYS).await, [""; 0]);
    }

    #[on_both_databases]
    async fn sessions_hear_the_same_refusals_as_calls(world: World) {
        let world = world.with(|settings| settings.limits.key_values = 1).await;
        let (id, owner, now) = (world.application("shop").await.parse().unwrap(), account(&world, &world.owner).await, world.now());
        let put = async |key: &str, value: &str, ttl| world.api.storage_put(&owner, id, key, value, ttl, now).await;
        let long = "x".repeat(2_001);
        for (key, value, ttl) in [
            (&long[..201], "v", None),
            ("", "v", None),
            ("a b", "v", None),
            ("k", long.as_str(), None),
            ("k", "a\0b", None),
            ("k", "v", Some(-1)),
            ("k", "v", Some(7_776_001)),
            ("k", "v", Some(i64::MAX)),
        ] {
            assert_eq!(code(put(key, value, ttl).await), 101, "{key:.9} {value:.9} {ttl:?}");
        }
        put("k", &long[..2_000], Some(7_776_000)).await.unwrap();
        assert_eq!(code(put("l", "v", None).await), 101, "the limit");
        assert_eq!(code(world.api.storage_get(&owner, id, "%", now).await), 101);
        assert_eq!(code(world.api.storage_remove(&owner, id, "%", now).await), 101);
        assert_eq!(code(world.api.storage_keys(&owner, id, Some("%"), 1, now).await), 101);
        for count in [-1, 10_001] {
            assert_eq!(code(world.api.storage_keys(&owner, id, None, count, now).await), 101);
        }
    }

    #[on_both_databases]
    async fn another_account_s_application_is_not_found(world: World) {
        let shop = world.application("shop").await;
        let (id, owner, now) = (shop.parse().unwrap(), account(&world, &world.owner).await, world.now());
        world.api.storage_put(&owner, id, "k", "v", None, now).await.unwrap();
        world.ok(&world.owner, "AddSecret", &[("application_id", &shop), ("secret_name", "token"), ("secret_value", "v")]).await;
        let child = world.child("tenant", "tenant@example.org").await;
        let stranger = account(&world, &world.owner.on(&child)).await;
        assert_eq!(stranger.id().to_string(), child);
        assert_eq!(code(world.api.storage_get(&stranger, id, "k", now).await), 116);
        assert_eq!(code(world.api.storage_put(&stranger, id, "k", "w", None, now).await), 116);
        assert_eq!(code(world.api.storage_remove(&stranger, id, "k", now).await), 116);
        assert_eq!(code(world.api.storage_keys(&stranger, id, None, 10, now).await), 116);
        assert_eq!(code(world.api.secrets_of(&stranger, id).await), 116);
        assert_eq!(world.api.storage_get(&owner, id, "k", now).await.unwrap().map(|item| item.value).as_deref(), Some("v"));
        world.ok(&world.owner, "DelApplication", &[("application_id", &shop)]).await;
        assert_eq!(code(world.api.storage_get(&owner, id, "k", now).await), 116);
    }

    #[on_both_databases]
    async fn a_session_is_given_the_secrets_of_its_application(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for (application, name, value) in [(&shop, "token", "one"), (&shop, "Token", "zwei ✓"), (&bank, "token", "three")] {
            world.ok(&world.owner, "AddSecret", &[("application_id", application), ("secret_name", name), ("secret_value", value)]).await;
        }
        let owner = account(&world, &world.owner).await;
        let secrets = world.api.secrets_of(&owner, shop.parse().unwrap()).await.unwrap();
        assert_eq!(json!(secrets), json!({"token": "one", "Token": "zwei ✓"}));
    }
}
