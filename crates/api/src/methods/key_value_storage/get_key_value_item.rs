use super::{ItemView, LONGEST_KEY, StorageKey};
use crate::{
    error::quote,
    methods::prelude::*,
    store::{applications::Application, key_values},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Storage;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The item's key.
    #[param(max_chars(LONGEST_KEY))]
    pub key: StorageKey,
    /// The application whose storage it is.
    pub application: One<Application>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: ItemView,
}

/// Gives the item of a key. A key without an item, or with an expired one, is refused with 101.
#[method]
pub async fn get_key_value_item(call: &Call, request: Request) -> Result<Response> {
    let now = call.now;
    call.read(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        let key = request.key.0;
        let missing = || Error::field(codes::ARGUMENTS, "key", format!("'key' is invalid: the application's storage has no item {}.", quote(&key)));
        let item = key_values::find(account, tx, application.id, &key, now)?.ok_or_else(missing)?;
        Ok(Response { result: item.into() })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn an_item_is_found_by_its_whole_key_in_its_application(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &shop), ("key", "Test:1"), ("value", "§ 'x'")]).await;
        let get = async |id: &str, key: &str| world.call(&world.owner, "GetKeyValueItem", &[("application_id", id), ("key", key)]).await;
        let found = get(&shop, "Test:1").await;
        assert_eq!(found["result"], json!({"key": "Test:1", "value": "§ 'x'", "expires_at": START.0 / 1_000 + 2_592_000}));
        for (id, key) in [(&shop, "test:1"), (&shop, "Test"), (&shop, "Test:"), (&shop, "Test:11"), (&bank, "Test:1")] {
            let missing = get(id, key).await;
            assert_eq!((&missing["error"]["code"], &missing["error"]["field_name"]), (&json!(101), &json!("key")), "{key}: {missing}");
        }
    }
}
