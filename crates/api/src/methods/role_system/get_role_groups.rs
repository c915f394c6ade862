use crate::{
    methods::prelude::*,
    roles::{GROUPS, RoleGroup},
};

pub const ACCESS: Access = Access::AnyRole;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: [RoleGroup; 5],
}

/// Lists the groups of roles.
#[method]
pub async fn get_role_groups(_call: &Call, _request: Request) -> Result<Response> {
    Ok(Response { result: GROUPS })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn every_role_is_in_a_listed_group(world: World) {
        let groups = world.ok(&world.key(&["Payer"]).await, "GetRoleGroups", &[]).await;
        assert_eq!(groups["result"][0], json!({"id": 1, "name": "account"}));
        let mut roles = 0;
        for group in groups["result"].as_array().into_iter().flatten() {
            roles += names(&world.ok(&world.owner, "GetRoles", &[("group_name", group["name"].as_str().unwrap_or_default())]).await).len();
        }
        assert_eq!(roles, 14);
        assert_eq!(world.refused(&world.key(&[]).await, "GetRoleGroups", &[]).await, 104);
    }
}
