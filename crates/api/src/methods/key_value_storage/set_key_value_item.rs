use super::{ItemView, LONGEST_KEY, LONGEST_TTL_SECONDS, LONGEST_VALUE, StorageKey};
use crate::{
    methods::prelude::*,
    store::{applications::Application, key_values::Item},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Storage;
pub const ERRORS: &[Code] = &[codes::ONLY_ONE_OF];

#[derive(Request)]
pub struct Request {
    /// The key: Latin and Cyrillic letters, digits and `_-:;.#+`. What stands before the first colon is its namespace.
    #[param(max_chars(LONGEST_KEY))]
    pub key: StorageKey,
    /// The text to store.
    #[param(max_chars(LONGEST_VALUE))]
    pub value: String,
    /// The application whose storage it is.
    pub application: One<Application>,
    /// Seconds that the item lives, 2,592,000 (30 days) when neither this nor `expires_at` is sent. 0 deletes the item.
    #[param(min(0), max(LONGEST_TTL_SECONDS))]
    pub ttl: Option<i64>,
    /// When the item expires, in Unix seconds, instead of `ttl`; at most 7,776,000 seconds (90 days) ahead.
    pub expires_at: Option<i64>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: ItemView,
}

/// Stores an item under a key, in place of the one that is there.
#[method]
pub async fn set_key_value_item(call: &Call, request: Request) -> Result<Response> {
    let (most, now) = (call.api().settings.limits.key_values, call.now);
    let expires_at = super::expiry(request.ttl, request.expires_at, now)?;
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        let item = Item { key: request.key.0, value: request.value, expires_at };
        super::put(account, tx, application.id, &item, most, now)?;
        Ok(Response { result: item.into() })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    /// START in Unix seconds.
    const NOW: i64 = START.0 / 1_000;

    #[on_both_databases]
    async fn an_item_is_stored_and_replaced(world: World) {
        let shop = world.application("shop").await;
        let set = async |more: &[(&str, &str)]| {
            let all: Vec<_> = [("application_id", shop.as_str()), ("key", "test:1")].into_iter().chain(more.iter().copied()).collect();
            world.ok(&world.owner, "SetKeyValueItem", &all).await["result"].clone()
        };
        assert_eq!(set(&[("value", "a")]).await, json!({"key": "test:1", "value": "a", "expires_at": NOW + 2_592_000}));
        assert_eq!(set(&[("value", "b;c"), ("ttl", "7776000")]).await, json!({"key": "test:1", "value": "b;c", "expires_at": NOW + 7_776_000}));
        let at = (NOW + 60).to_string();
        assert_eq!(set(&[("value", "d"), ("expires_at", &at)]).await["expires_at"], NOW + 60);
        let seen = world.ok(&world.owner, "GetKeyValueItem", &[("application_name", "shop"), ("key", "test:1")]).await;
        assert_eq!(seen, json!({"result": {"key": "test:1", "value": "d", "expires_at": NOW + 60}}));
        assert_eq!(world.read(|tx| Ok(crate::store::key_values::rows(tx)?)).await.ok(), Some(1));
    }

    #[on_both_databases]
    async fn an_item_is_gone_at_the_moment_it_expires(mut world: World) {
        let shop = world.application("shop").await;
        let key = [("application_id", shop.as_str()), ("key", "a:b")];
        world.ok(&world.owner, "SetKeyValueItem", &[key[0], key[1], ("value", "x"), ("ttl", "60")]).await;
        world.advance_ms(59_999);
        assert_eq!(world.ok(&world.owner, "GetKeyValueItem", &key).await["result"]["value"], "x");
        world.advance_ms(1);
        assert_eq!(world.refused(&world.owner, "GetKeyValueItem", &key).await, 101);
        assert_eq!(world.ok(&world.owner, "GetKeyValueItems", &key).await, json!({"result": []}));
        assert_eq!(world.ok(&world.owner, "GetKeyValueKeys", &key).await, json!({"result": []}));
        world.ok(&world.owner, "SetKeyValueItem", &[key[0], key[1], ("value", "y")]).await;
        assert_eq!(world.ok(&world.owner, "GetKeyValueItem", &key).await["result"]["value"], "y");
    }

    #[on_both_databases]
    async fn a_lifetime_of_nothing_deletes(world: World) {
        let shop = world.application("shop").await;
        let key = [("application_id", shop.as_str()), ("key", "k")];
        let now = NOW.to_string();
        for moment in [("ttl", "0"), ("expires_at", &now)] {
            world.ok(&world.owner, "SetKeyValueItem", &[key[0], key[1], ("value", "x")]).await;
            let gone = world.ok(&world.owner, "SetKeyValueItem", &[key[0], key[1], ("value", "y"), moment]).await;
            assert_eq!(gone["result"], json!({"key": "k", "value": "y", "expires_at": NOW}));
            assert_eq!(world.refused(&world.owner, "GetKeyValueItem", &key).await, 101);
            assert_eq!(world.read(|tx| Ok(crate::store::key_values::rows(tx)?)).await.ok(), Some(0));
        }
    }

    #[on_both_databases]
    async fn keys_have_the_documented_letters_alone(world: World) {
        let shop = world.application("shop").await;
        let longest = "я".repeat(200);
        for key in ["a", "aZ09_-:;.#+", "Ёж:ёлка;Аяаая", ":", &longest] {
            let set = world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &shop), ("key", key), ("value", "v")]).await;
            assert_eq!(set["result"]["key"], key);
            assert_eq!(world.ok(&world.owner, "GetKeyValueItem", &[("application_id", &shop), ("key", key)]).await["result"]["key"], key);
        }
        let too_long = "a".repeat(201);
        for key in ["a b", " a", "a%", "a_%", "' OR 1=1 --", "../a", "a\\", "a*", "é", "ѐ", "і", "a\u{202e}", "a\u{10ffff}", "a\n", "\u{1f600}", &too_long] {
            for method in ["SetKeyValueItem", "GetKeyValueItem", "GetKeyValueItems", "GetKeyValueKeys", "DelKeyValueItem"] {
                assert_eq!(world.refused(&world.owner, method, &[("application_id", &shop), ("key", key), ("value", "v")]).await, 101, "{method} {key:?}");
            }
        }
        assert_eq!(world.ok(&world.owner, "GetKeyValueKeys", &[("application_id", &shop)]).await["result"].as_array().map(Vec::len), Some(5));
    }

    #[on_both_databases]
    async fn every_bad_value_has_its_code(world: World) {
        let shop = world.application("shop").await;
        let (long, longest) = ("ж".repeat(2_001), "ж".repeat(2_000));
        let (past, far) = ((NOW - 1).to_string(), (NOW + 7_776_001).to_string());
        let set = |name: &'static str, value: &str| {
            let usual = [("application_id", shop.clone()), ("key", "k".to_owned()), ("value", "v".to_owned())];
            usual.into_iter().filter(|(other, _)| *other != name).chain([(name, value.to_owned())]).collect::<Vec<_>>()
        };
        for (name, value, code) in [
            ("value", long.as_str(), 101),
            ("value", "", 134),
            ("key", "", 134),
            ("ttl", "-1", 101),
            ("ttl", "7776001", 101),
            ("ttl", "1.5", 101),
            ("expires_at", &past, 101),
            ("expires_at", &far, 101),
            ("expires_at", "9223372036854775807", 101),
            ("expires_at", "-9223372036854775808", 101),
            ("application_id", "99999", 116),
            ("application_id", "", 134),
        ] {
            let pairs = set(name, value);
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(world.refused(&world.owner, "SetKeyValueItem", &pairs).await, code, "{name}={value:.20}");
        }
        let both = [("application_id", shop.as_str()), ("key", "k"), ("value", "v"), ("ttl", "5"), ("expires_at", &far)];
        assert_eq!(world.refused(&world.owner, "SetKeyValueItem", &both).await, 458);
        assert_eq!(world.refused(&world.owner, "SetKeyValueItem", &[("application_name", "none"), ("key", "k"), ("value", "v")]).await, 558);
        assert_eq!(world.refused(&world.key(&["Support"]).await, "SetKeyValueItem", &both[..3]).await, 104);
        assert_eq!(world.ok(&world.owner, "GetKeyValueKeys", &[("application_id", &shop)]).await["result"], json!([]));
        world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &shop), ("key", "k"), ("value", &longest)]).await;
    }

    #[on_both_databases]
    async fn the_limit_counts_what_has_not_expired(world: World) {
        let mut world = world.with(|settings| settings.limits.key_values = 2).await;
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        let item = |key: &'static str| [("application_id", shop.clone()), ("key", key.to_owned()), ("value", "v".to_owned()), ("ttl", "60".to_owned())];
        let set = async |world: &World, key| {
            let item = item(key);
            let pairs: Vec<(&str, &str)> = item.iter().map(|(name, value)| (*name, value.as_str())).collect();
            world.call(&world.owner, "SetKeyValueItem", &pairs).await["error"]["code"].as_u64()
        };
        assert_eq!((set(&world, "a").await, set(&world, "b").await, set(&world, "c").await), (None, None, Some(101)));
        assert_eq!(set(&world, "b").await, None, "replacing needs no room");
        world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &bank), ("key", "a"), ("value", "v"), ("ttl", "60")]).await;
        world.advance_ms(60_000);
        assert_eq!((set(&world, "c").await, set(&world, "d").await, set(&world, "e").await), (None, None, Some(101)));
        let rows = world.read(|tx| Ok(crate::store::key_values::rows(tx)?)).await;
        assert_eq!(rows.ok(), Some(3), "a new key takes expired ones of a full storage away");
    }
}
