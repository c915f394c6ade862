use crate::methods::prelude::*;

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::SUBUSER_ID, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The subuser.
    #[param(code(SUBUSER_ID))]
    pub subuser_id: i64,
    /// The roles to add.
    pub roles: RoleSet,
}

pub type Response = Done;

/// Adds roles to a subuser.
///
/// Unlike SetKeyRoles this adds; RemoveSubUserRoles takes away.
#[method]
pub async fn set_sub_user_roles(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        super::change_subuser_roles(&caller, account, tx, request.subuser_id, |before| before.union(request.roles))?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn roles_are_added(world: World) {
        let id = world.add_subuser("alice", &["Support"]).await;
        world.ok(&world.owner, "SetSubUserRoles", &[("subuser_id", id.as_str()), ("role_id", "5"), ("role_name", "Support")]).await;
        assert_eq!(names(&world.ok(&world.owner, "GetSubUserRoles", &[("subuser_id", &id)]).await), ["Support", "Developer"]);
    }

    #[on_both_databases]
    async fn a_subuser_cannot_promote_itself(world: World) {
        let id = world.add_subuser("alice", &["Admin"]).await;
        let alice = world.subuser("alice", SUBUSER_PASSWORD);
        assert_eq!(world.refused(&alice, "SetSubUserRoles", &[("subuser_id", id.as_str()), ("role_name", "Owner")]).await, 104);
        assert_eq!(world.refused(&world.owner, "SetSubUserRoles", &[("subuser_id", "999"), ("role_id", "1")]).await, 434);
        assert_eq!(world.refused(&world.owner, "SetSubUserRoles", &[("subuser_id", id.as_str())]).await, 134);
    }
}
