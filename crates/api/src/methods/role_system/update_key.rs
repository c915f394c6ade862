use crate::{methods::prelude::*, store::keys};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_ID, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The key to change.
    #[param(code(KEY_ID), max_chars(100))]
    pub key_id: String,
    /// The new note.
    #[param(max_chars(1_000))]
    pub description: String,
    /// The new short name.
    #[param(max_chars(50))]
    pub key_name: Option<String>,
}

pub type Response = Done;

/// Changes the description and name of a key.
///
/// A caller changes only keys that may do no more than itself.
#[method]
pub async fn update_key(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        super::manageable_key(&caller, account, tx, &request.key_id)?;
        keys::update(account, tx, &request.key_id, &request.description, request.key_name.as_deref())?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_name_stays_when_only_the_description_changes(world: World) {
        let key = world.key(&[]).await;
        world.ok(&world.owner, "UpdateKey", &[("key_id", key.id()), ("description", "a"), ("key_name", "n")]).await;
        world.ok(&world.owner, "UpdateKey", &[("key_id", key.id()), ("description", "b")]).await;
        let seen = world.ok(&world.owner, "GetKeys", &[("key_id", key.id())]).await;
        assert_eq!((seen["result"][0]["key_name"].as_str(), seen["result"][0]["description"].as_str()), (Some("n"), Some("b")));
    }

    #[on_both_databases]
    async fn a_weaker_key_may_not_rename_a_stronger_one(world: World) {
        let weak = world.key(&[]).await;
        assert_eq!(world.refused(&weak, "UpdateKey", &[("key_id", world.owner.id()), ("description", "mine")]).await, 104);
        assert_eq!(world.refused(&world.owner, "UpdateKey", &[("key_id", weak.id())]).await, 134);
        assert_eq!(world.refused(&world.owner, "UpdateKey", &[("key_id", "nobody"), ("description", "x")]).await, 433);
    }
}
