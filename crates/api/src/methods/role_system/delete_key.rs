use crate::{methods::prelude::*, store::keys};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_ID, codes::ROLE_SET, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The key to delete.
    #[param(code(KEY_ID), max_chars(100))]
    pub key_id: String,
}

pub type Response = Done;

/// Deletes a key. Its tokens fail at once with 100, and rules that were bound to it are bound to none.
///
/// A caller deletes only keys that may do no more than itself, and never the account's last Owner.
#[method]
pub async fn delete_key(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        let (_, roles) = super::manageable_key(&caller, account, tx, &request.key_id)?;
        keys::delete(account, tx, &request.key_id)?;
        super::an_owner_stays(account, tx, roles, RoleSet::default())?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_token_of_a_deleted_key_is_worth_nothing(world: World) {
        let key = world.key(&["Admin"]).await;
        let token = world.token(&key);
        assert!(world.with_token(&token, "GetKeys", &[]).await["result"].is_array());
        world.ok(&world.owner, "DeleteKey", &[("key_id", key.id())]).await;
        assert_eq!(world.with_token(&token, "GetKeys", &[]).await["error"]["code"], 100);
    }

    #[on_both_databases]
    async fn the_last_owner_stays(world: World) {
        let owner = world.owner.id().to_owned();
        assert_eq!(world.refused(&world.owner, "DeleteKey", &[("key_id", &owner)]).await, 435);
        let second = world.key(&["Owner"]).await;
        world.ok(&second, "DeleteKey", &[("key_id", &owner)]).await;
        assert_eq!(world.refused(&second, "DeleteKey", &[("key_id", second.id())]).await, 435);
    }

    #[on_both_databases]
    async fn a_weaker_key_may_not_delete_a_stronger_one(world: World) {
        let developer = world.key(&["Developer"]).await;
        assert_eq!(world.refused(&developer, "DeleteKey", &[("key_id", world.owner.id())]).await, 104);
        assert_eq!(world.refused(&developer, "DeleteKey", &[("key_id", "../../etc/passwd")]).await, 433);
        world.ok(&developer, "DeleteKey", &[("key_id", developer.id())]).await;
    }
}
