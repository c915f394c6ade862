use super::get_sub_users::SubUserView;
use crate::{methods::prelude::*, store::keys};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_ID];

#[derive(Request)]
pub struct Request {
    /// Only this key.
    #[param(code(KEY_ID), max_chars(100))]
    pub key_id: Option<String>,
    /// Adds the keys' roles.
    #[param(default("false"))]
    pub with_roles: bool,
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<KeyView>,
}

#[derive(Serialize, JsonSchema)]
pub struct KeyView {
    pub key_id: String,
    pub key_name: String,
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<RoleView>>,
    /// The subuser that made the key, as a list of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subuser: Option<[SubUserView; 1]>,
}

/// Lists the account's service account keys, oldest first.
#[method]
pub async fn get_keys(call: &Call, request: Request) -> Result<Response> {
    call.read(move |account, tx| {
        let found = match &request.key_id {
            Some(id) => vec![keys::find(account, tx, id)?],
            None => keys::page(account, tx, request.page)?,
        };
        let view = |key: keys::Key| {
            let roles = if request.with_roles { Some(keys::roles(account, tx, &key.id)?.views(false)) } else { None };
            let subuser = key.subuser_id.zip(key.subuser_name);
            Ok(KeyView {
                key_name: key.key_name.unwrap_or_default(),
                description: key.description.unwrap_or_default(),
                roles,
                subuser: subuser.map(|(subuser_id, subuser_name)| [SubUserView { subuser_id, subuser_name, description: key.subuser_description, roles: None }]),
                key_id: key.id,
            })
        };
        Ok(Response { result: found.into_iter().map(view).collect::<Result<_>>()? })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn keys_are_listed_by_page_with_roles_when_asked(mut world: World) {
        world.advance_ms(1);
        world.key(&["Developer"]).await;
        world.advance_ms(1);
        world.key(&[]).await;
        let page = world.ok(&world.owner, "GetKeys", &[("with_roles", "True"), ("count", "1"), ("offset", "1")]).await;
        assert_eq!(page["result"].as_array().map(Vec::len), Some(1));
        assert_eq!(page["result"][0]["roles"][0]["role_name"], "Developer");
        let plain = world.ok(&world.owner, "GetKeys", &[]).await;
        assert_eq!(plain["result"].as_array().map(Vec::len), Some(3));
        assert!(plain["result"][0].get("roles").is_none());
    }

    #[on_both_databases]
    async fn an_unknown_key_is_refused(world: World) {
        assert_eq!(world.refused(&world.owner, "GetKeys", &[("key_id", "nobody")]).await, 433);
        assert_eq!(world.refused(&world.owner, "GetKeys", &[("key_id", "' OR 1=1 --")]).await, 433);
        assert_eq!(world.refused(&world.owner, "GetKeys", &[("count", "-1")]).await, 101);
    }
}
