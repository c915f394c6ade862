use super::{KeyView, LONGEST_KEY, StorageKey};
use crate::{
    methods::prelude::*,
    store::{applications::Application, key_values},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Storage;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The application whose storage it is.
    pub application: One<Application>,
    /// Only keys that begin with this: a prefix, or a namespace with its colon.
    #[param(max_chars(LONGEST_KEY))]
    pub key: Option<StorageKey>,
    /// Keys of the answer, 50 at most.
    #[param(default("10"), min(0), max(50))]
    pub count: i64,
    /// Keys to skip.
    #[param(default("0"), min(0))]
    pub offset: i64,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<KeyView>,
}

/// Lists the keys of an application's storage in their order, without values.
#[method]
pub async fn get_key_value_keys(call: &Call, request: Request) -> Result<Response> {
    let now = call.now;
    call.read(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        let prefix = request.key.map(|key| key.0).unwrap_or_default();
        let page = Page { count: request.count, offset: request.offset };
        let keys = key_values::keys(account, tx, application.id, &prefix, page, now)?;
        Ok(Response { result: keys.into_iter().map(KeyView::from).collect() })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn keys_are_listed_in_order_without_values(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for number in (0..12).rev() {
            world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &shop), ("key", &format!("n:{number:02}")), ("value", "v")]).await;
        }
        world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &shop), ("key", "a"), ("value", "v"), ("ttl", "60")]).await;
        let list = async |id: &str, pairs: &[(&str, &str)]| {
            let all: Vec<_> = pairs.iter().copied().chain([("application_id", id)]).collect();
            world.ok(&world.owner, "GetKeyValueKeys", &all).await["result"].as_array().unwrap().clone()
        };
        let all = list(&shop, &[]).await;
        assert_eq!((all.len(), &all[0]), (10, &json!({"key": "a", "expires_at": START.0 / 1_000 + 60})));
        assert_eq!(list(&shop, &[("key", "n:"), ("count", "50")]).await.len(), 12);
        assert_eq!(list(&shop, &[("key", "n:1")]).await.iter().map(|key| &key["key"]).collect::<Vec<_>>(), ["n:10", "n:11"]);
        assert_eq!(list(&shop, &[("count", "1"), ("offset", "12")]).await[0]["key"], "n:11");
        assert_eq!(list(&bank, &[]).await, Vec::<Value>::new());
        assert_eq!(world.refused(&world.owner, "GetKeyValueKeys", &[("application_id", &shop), ("count", "51")]).await, 101);
        assert_eq!(world.refused(&world.owner, "GetKeyValueKeys", &[("key", "n")]).await, 134);
    }
}
