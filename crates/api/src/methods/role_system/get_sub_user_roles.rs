use crate::{methods::prelude::*, store::subusers};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::SUBUSER_ID];

#[derive(Request)]
pub struct Request {
    /// The subuser.
    #[param(code(SUBUSER_ID))]
    pub subuser_id: i64,
    /// Adds how the roles include one another.
    #[param(default("false"))]
    pub with_expanded_roles: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<RoleView>,
}

/// Lists the roles of a subuser.
#[method]
pub async fn get_sub_user_roles(call: &Call, request: Request) -> Result<Response> {
    call.read(move |account, tx| {
        subusers::find(account, tx, request.subuser_id)?;
        let roles = subusers::roles(account, tx, request.subuser_id)?;
        Ok(Response { result: roles.views(request.with_expanded_roles) })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn roles_are_listed(world: World) {
        let id = world.add_subuser("alice", &["Support", "Accountant"]).await;
        let seen = world.ok(&world.owner, "GetSubUserRoles", &[("subuser_id", id.as_str()), ("with_expanded_roles", "true")]).await;
        assert_eq!(names(&seen), ["Support", "Accountant"]);
        assert_eq!(seen["result"][0]["inherited"], false);
        assert_eq!(world.refused(&world.owner, "GetSubUserRoles", &[("subuser_id", "0")]).await, 434);
        assert_eq!(world.refused(&world.owner, "GetSubUserRoles", &[("subuser_id", "x")]).await, 434);
    }
}
