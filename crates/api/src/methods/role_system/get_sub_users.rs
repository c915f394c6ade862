use crate::{methods::prelude::*, store::subusers};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::SUBUSER_ID];

#[derive(Request)]
pub struct Request {
    /// Only this subuser.
    #[param(code(SUBUSER_ID))]
    pub subuser_id: Option<i64>,
    /// Adds the subusers' roles.
    #[param(default("false"))]
    pub with_roles: bool,
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<SubUserView>,
}

#[derive(Serialize, JsonSchema)]
pub struct SubUserView {
    pub subuser_id: i64,
    pub subuser_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<RoleView>>,
}

/// Lists the account's subusers.
#[method]
pub async fn get_sub_users(call: &Call, request: Request) -> Result<Response> {
    call.read(move |account, tx| {
        let found = match request.subuser_id {
            Some(id) => vec![subusers::find(account, tx, id)?],
            None => subusers::page(account, tx, request.page)?,
        };
        let view = |subuser: subusers::Subuser| {
            let roles = if request.with_roles { Some(subusers::roles(account, tx, subuser.id)?.views(false)) } else { None };
            Ok(SubUserView { subuser_id: subuser.id, subuser_name: subuser.name, description: subuser.description, roles })
        };
        Ok(Response { result: found.into_iter().map(view).collect::<Result<_>>()? })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn subusers_are_listed_without_their_passwords(world: World) {
        let id = world.add_subuser("alice", &["Support"]).await;
        let seen = world.ok(&world.owner, "GetSubUsers", &[("with_roles", "true"), ("subuser_id", &id)]).await;
        assert_eq!(seen["result"][0]["subuser_name"], "alice");
        assert_eq!(seen["result"][0]["roles"][0]["role_name"], "Support");
        assert!(!seen.to_string().contains("argon2"));
        assert_eq!(world.refused(&world.owner, "GetSubUsers", &[("subuser_id", "999")]).await, 434);
    }
}
