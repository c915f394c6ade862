use crate::methods::prelude::*;

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_ID, codes::ROLE_SET, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The key.
    #[param(code(KEY_ID), max_chars(100))]
    pub key_id: String,
    /// The roles to take away; those that the key has not are ignored.
    pub roles: RoleSet,
}

pub type Response = Done;

/// Takes roles away from a key.
///
/// The key's rights must be within the caller's, and the account's last Owner stays one.
#[method]
pub async fn remove_key_roles(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        super::change_key_roles(&caller, account, tx, &request.key_id, |before| before.without(request.roles))?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_named_roles_go_and_the_others_stay(world: World) {
        let key = world.key(&["Admin", "Support", "Payer"]).await;
        world.ok(&world.owner, "RemoveKeyRoles", &[("key_id", key.id()), ("role_id", "3"), ("role_name", "Payer;Viewer")]).await;
        assert_eq!(names(&world.ok(&key, "GetKeyRoles", &[("key_id", key.id())]).await), ["Admin"]);
    }

    #[on_both_databases]
    async fn nobody_strips_a_stronger_key_or_the_last_owner(world: World) {
        let weak = world.key(&[]).await;
        let owner = world.owner.id().to_owned();
        assert_eq!(world.refused(&weak, "RemoveKeyRoles", &[("key_id", &owner), ("role_name", "Owner")]).await, 104);
        assert_eq!(world.refused(&world.owner, "RemoveKeyRoles", &[("key_id", &owner), ("role_name", "Owner")]).await, 435);
        assert_eq!(world.refused(&world.owner, "RemoveKeyRoles", &[("key_id", &owner)]).await, 134);
    }
}
