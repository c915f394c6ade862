use crate::methods::prelude::*;

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_ID, codes::ROLE_SET, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The key whose roles are set.
    #[param(code(KEY_ID), max_chars(100))]
    pub key_id: String,
    /// The roles that the key has afterwards: the union of ids and names.
    pub roles: RoleSet,
}

pub type Response = Done;

/// Replaces the roles of a key.
///
/// Effective at once. The key's rights before and after must be within the caller's.
#[method]
pub async fn set_key_roles(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        super::change_key_roles(&caller, account, tx, &request.key_id, |_| request.roles)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn ids_and_names_are_united_and_replace_what_was(world: World) {
        let key = world.key(&["Payer"]).await;
        let roles =
            [("key_id", key.id()), ("role_id", "1"), ("role_id", "2"), ("role_id", "3"), ("role_name", "Admin"), ("role_name", "Editor"), ("role_name", "Viewer")];
        assert_eq!(world.ok(&world.owner, "SetKeyRoles", &roles).await, json!({"result": 1}));
        let seen = world.ok(&world.owner, "GetKeyRoles", &[("key_id", key.id())]).await;
        assert_eq!(names(&seen), ["Owner", "Admin", "Support", "Editor", "Viewer"]);
    }

    #[on_both_databases]
    async fn a_key_may_not_promote_itself_or_demote_a_stronger_one(world: World) {
        let developer = world.key(&["Developer"]).await;
        assert_eq!(world.refused(&developer, "SetKeyRoles", &[("key_id", developer.id()), ("role_name", "Owner")]).await, 104);
        assert_eq!(world.refused(&developer, "SetKeyRoles", &[("key_id", world.owner.id()), ("role_name", "Developer")]).await, 104);
        let without = world.key(&[]).await;
        assert_eq!(world.refused(&without, "SetKeyRoles", &[("key_id", without.id()), ("role_name", "Support")]).await, 104);
        assert_eq!(names(&world.ok(&world.owner, "GetKeyRoles", &[("key_id", world.owner.id())]).await), ["Owner"]);
    }

    #[on_both_databases]
    async fn the_last_owner_cannot_be_demoted(world: World) {
        let owner = world.owner.id().to_owned();
        assert_eq!(world.refused(&world.owner, "SetKeyRoles", &[("key_id", &owner), ("role_name", "Viewer")]).await, 435);
        world.ok(&world.owner, "SetKeyRoles", &[("key_id", &owner), ("role_name", "Owner;Viewer")]).await;
    }

    #[on_both_databases]
    async fn roles_are_required_and_known(world: World) {
        let key = world.owner.id();
        assert_eq!(world.refused(&world.owner, "SetKeyRoles", &[("key_id", key)]).await, 134);
        assert_eq!(world.refused(&world.owner, "SetKeyRoles", &[("key_id", key), ("role_id", "1,2")]).await, 440);
        assert_eq!(world.refused(&world.owner, "SetKeyRoles", &[("role_id", "1")]).await, 134);
        assert_eq!(world.refused(&world.owner, "SetKeyRoles", &[("key_id", "x"), ("role_id", "1")]).await, 433);
    }
}
