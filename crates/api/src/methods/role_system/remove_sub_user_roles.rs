use crate::{methods::prelude::*, store::keys};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::SUBUSER_ID, codes::SUBUSER_KEY_HOLDS_ROLE, codes::ROLE_SET, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The subuser.
    #[param(code(SUBUSER_ID))]
    pub subuser_id: i64,
    /// The roles to take away.
    pub roles: RoleSet,
    /// Takes the roles from the keys that the subuser made, too.
    #[param(default("false"))]
    pub force: bool,
}

pub type Response = Done;

/// Takes roles away from a subuser.
///
/// While a key that the subuser made holds one of them this is refused, unless `force` takes them from the keys, too.
#[method]
pub async fn remove_sub_user_roles(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        super::manageable_subuser(&caller, account, tx, request.subuser_id)?;
        for key in keys::of_subuser(account, tx, request.subuser_id)? {
            if !keys::roles(account, tx, &key.id)?.intersects(request.roles) {
                continue;
            }
            if !request.force {
                let text = format!("The subuser's key {} holds one of these roles; send force=true to take it from the key, too.", key.id);
                return Err(Error::field(codes::SUBUSER_KEY_HOLDS_ROLE, "force", text).into());
            }
            super::change_key_roles(&caller, account, tx, &key.id, |before| before.without(request.roles))?;
        }
        super::change_subuser_roles(&caller, account, tx, request.subuser_id, |before| before.without(request.roles))?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_key_of_the_subuser_holds_its_role_unless_forced(world: World) {
        let id = world.add_subuser("alice", &["Developer", "Support"]).await;
        let made = world.ok(&world.subuser("alice", SUBUSER_PASSWORD), "CreateKey", &[("role_name", "Developer")]).await;
        let key = world.key_from(&made["result"]);
        assert_eq!(world.refused(&world.owner, "RemoveSubUserRoles", &[("subuser_id", id.as_str()), ("role_name", "Developer")]).await, 439);
        world.ok(&world.owner, "RemoveSubUserRoles", &[("subuser_id", id.as_str()), ("role_name", "Developer"), ("force", "true")]).await;
        assert_eq!(names(&world.ok(&world.owner, "GetSubUserRoles", &[("subuser_id", &id)]).await), ["Support"]);
        assert_eq!(names(&world.ok(&world.owner, "GetKeyRoles", &[("key_id", key.id())]).await), [""; 0]);
        assert_eq!(world.refused(&world.owner, "RemoveSubUserRoles", &[("subuser_id", "999"), ("role_id", "5")]).await, 434);
    }
}
