use crate::{
    methods::prelude::*,
    store::{keys, subusers},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::SUBUSER_ID, codes::ROLE_SET, codes::ACCESS_DENIED];

#[derive(Request)]
pub struct Request {
    /// The subuser to delete.
    #[param(code(SUBUSER_ID))]
    pub subuser_id: i64,
}

pub type Response = Done;

/// Deletes a subuser with the keys it made and its sessions.
///
/// The account's last Owner stays.
#[method]
pub async fn del_sub_user(call: &Call, request: Request) -> Result<Response> {
    let caller = call.caller.clone();
    call.write(move |account, tx| {
        let (_, mut roles) = super::manageable_subuser(&caller, account, tx, request.subuser_id)?;
        for key in keys::of_subuser(account, tx, request.subuser_id)? {
            roles = roles.union(super::manageable_key(&caller, account, tx, &key.id)?.1);
        }
        subusers::delete(account, tx, request.subuser_id)?;
        super::an_owner_stays(account, tx, roles, RoleSet::default())?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_keys_of_a_deleted_subuser_are_gone(world: World) {
        let id = world.add_subuser("alice", &["Developer"]).await;
        let alice = world.subuser("alice", SUBUSER_PASSWORD);
        let made = world.ok(&alice, "CreateKey", &[("role_name", "Developer")]).await;
        let key = world.key_from(&made["result"]);
        let listed = world.ok(&world.owner, "GetKeys", &[("key_id", key.id())]).await;
        assert_eq!(listed["result"][0]["subuser"][0]["subuser_name"], "alice");
        world.ok(&key, "GetRules", &[]).await;
        world.ok(&world.owner, "DelSubUser", &[("subuser_id", &id)]).await;
        assert_eq!(world.refused(&key, "GetRules", &[]).await, 100);
        assert_eq!(world.refused(&alice, "GetRules", &[]).await, 100);
        assert_eq!(world.refused(&world.owner, "DelSubUser", &[("subuser_id", &id)]).await, 434);
    }
}
