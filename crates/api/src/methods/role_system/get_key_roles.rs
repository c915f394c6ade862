use crate::{methods::prelude::*, store::keys};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_ID];

#[derive(Request)]
pub struct Request {
    /// The key.
    #[param(code(KEY_ID), max_chars(100))]
    pub key_id: String,
    /// Adds how the roles include one another.
    #[param(default("false"))]
    pub with_expanded_roles: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<RoleView>,
}

/// Lists the roles of a key.
#[method]
pub async fn get_key_roles(call: &Call, request: Request) -> Result<Response> {
    call.read(move |account, tx| {
        keys::find(account, tx, &request.key_id)?;
        let roles = keys::roles(account, tx, &request.key_id)?;
        Ok(Response { result: roles.views(request.with_expanded_roles) })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn roles_are_listed_and_expanded_when_asked(world: World) {
        let key = world.key(&["Admin", "Support"]).await;
        let plain = world.ok(&key, "GetKeyRoles", &[("key_id", key.id())]).await;
        assert_eq!(plain["result"][1], json!({"role_id": 3, "role_name": "Support", "gui_only": true}));
        let expanded = world.ok(&key, "GetKeyRoles", &[("key_id", key.id()), ("with_expanded_roles", "1")]).await;
        assert_eq!(expanded["result"][1]["parent_role_id"], json!([1, 2]));
        assert_eq!(expanded["result"][1]["inherited"], true);
    }

    #[on_both_databases]
    async fn a_key_without_roles_has_an_empty_list(world: World) {
        let key = world.key(&[]).await;
        assert_eq!(world.ok(&key, "GetKeyRoles", &[("key_id", key.id())]).await, json!({"result": []}));
        assert_eq!(world.refused(&key, "GetKeyRoles", &[("key_id", "nobody")]).await, 433);
        assert_eq!(world.refused(&key, "GetKeyRoles", &[]).await, 134);
    }
}
