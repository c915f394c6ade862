use crate::methods::prelude::*;

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Only the roles of this group; GetRoleGroups lists the groups.
    pub group_name: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<RoleView>,
}

/// Lists the roles there are.
#[method]
pub async fn get_roles(_call: &Call, request: Request) -> Result<Response> {
    let in_group = |role: &Role| request.group_name.as_deref().is_none_or(|name| role.group().name.eq_ignore_ascii_case(name.trim()));
    Ok(Response { result: Role::ALL.into_iter().filter(in_group).map(Role::view).collect() })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_group_filters_the_roles(world: World) {
        let all = world.ok(&world.owner, "GetRoles", &[]).await;
        assert_eq!(all["result"].as_array().map(Vec::len), Some(14));
        assert_eq!(names(&world.ok(&world.owner, "GetRoles", &[("group_name", "billing")]).await), ["Accountant", "Payer", "PayerNoVerify"]);
        assert_eq!(world.ok(&world.owner, "GetRoles", &[("group_name", "none such")]).await, json!({"result": []}));
    }
}
