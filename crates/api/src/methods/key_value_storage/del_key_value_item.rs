use super::{LONGEST_KEY, StorageKey};
use crate::{
    methods::prelude::*,
    store::{applications::Application, key_values},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Storage;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The key of the item to delete.
    #[param(max_chars(LONGEST_KEY))]
    pub key: StorageKey,
    /// The application whose storage it is.
    pub application: One<Application>,
}

pub type Response = Done;

/// Deletes an item. A key without an item is no error.
#[method]
pub async fn del_key_value_item(call: &Call, request: Request) -> Result<Response> {
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        key_values::delete(account, tx, application.id, &request.key.0)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn one_item_of_one_application_is_deleted(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for application in [&shop, &bank] {
            for key in ["a", "ab"] {
                world.ok(&world.owner, "SetKeyValueItem", &[("application_id", application), ("key", key), ("value", "v")]).await;
            }
        }
        for _ in 0..2 {
            assert_eq!(world.ok(&world.owner, "DelKeyValueItem", &[("application_name", "shop"), ("key", "a")]).await, json!({"result": 1}));
        }
        let left = async |id: &str| world.ok(&world.owner, "GetKeyValueKeys", &[("application_id", id)]).await["result"].as_array().unwrap().len();
        assert_eq!((left(&shop).await, left(&bank).await), (1, 2));
        assert_eq!(world.refused(&world.owner, "DelKeyValueItem", &[("application_id", "99999"), ("key", "a")]).await, 116);
        assert_eq!(world.refused(&world.owner, "DelKeyValueItem", &[("application_id", &shop)]).await, 134);
    }

    #[on_both_databases]
    async fn items_go_with_their_application(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for application in [&shop, &bank] {
            world.ok(&world.owner, "SetKeyValueItem", &[("application_id", application), ("key", "a"), ("value", "v")]).await;
        }
        world.ok(&world.owner, "DelApplication", &[("application_id", &shop)]).await;
        assert_eq!(world.read(|tx| Ok(crate::store::key_values::rows(tx)?)).await.ok(), Some(1));
        assert_eq!(world.refused(&world.owner, "GetKeyValueItem", &[("application_id", &shop), ("key", "a")]).await, 116);
    }
}
