use crate::{
    bootstrap::{Credentials, FreshKey},
    methods::prelude::*,
    store::{keys, keys::New},
};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_LIMIT, codes::ACCESS_DENIED, codes::RATE_LIMIT];

#[derive(Request)]
pub struct Request {
    /// A note about where the key is used.
    #[param(max_chars(1_000))]
    pub description: Option<String>,
    /// A short name of the key.
    #[param(max_chars(50))]
    pub key_name: Option<String>,
    /// The key's roles. Without any it may call only the methods that need none.
    pub roles: Option<RoleSet>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The credentials file. With the setting `compat.typings` it is a list of one.
    pub result: Shaped<Credentials>,
}

/// Creates a service account key.
///
/// The answer's `result` is the credentials file of the official clients. The private key is shown this once and not kept.
/// A caller gives only roles that it holds the rights of itself.
#[method]
pub async fn create_key(call: &Call, request: Request) -> Result<Response> {
    let roles = request.roles.unwrap_or_default();
    call.caller.must_cover("a new key", roles)?;
    let most = call.api().settings.limits.keys;
    call.read(move |account, tx| room_for_a_key(account, tx, most)).await?;
    let key = call.generate(FreshKey::generate).await?;
    let (subuser_id, now) = (call.caller.subuser_id().filter(|_| call.caller.home == call.account.id()), call.now);
    // A key that a subuser of another account made would end with nobody's subuser.
    let subuser_id = subuser_id.filter(|_| call.caller.home == call.account.id());
    let typings = call.api().settings.compat_typings;
    call.write(move |account, tx| {
        room_for_a_key(account, tx, most)?;
        let new = New { id: key.id.clone(), subuser_id, key_name: request.key_name, description: request.description, public_key: key.public_key, created_at: now };
        keys::insert(account, tx, &new)?;
        keys::set_roles(account, tx, &key.id, roles)?;
        let credentials = Credentials { account_email: account.email().to_owned(), account_id: account.id(), key_id: key.id, private_key: key.private_pem };
        Ok(Response { result: Shaped::new(typings, credentials) })
    })
    .await
}

/// Checked before the key is generated, which is dear, and again when it is stored.
fn room_for_a_key(account: &Account, tx: &Tx, most: i64) -> Result<()> {
    if keys::count(account, tx)? >= most {
        return Err(limit(codes::KEY_LIMIT, "keys", most, "limits.keys").into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_new_key_works_at_once(world: World) {
        let answer = world.ok(&world.owner, "CreateKey", &[("description", "CI"), ("key_name", "ci"), ("role_name", "Admin")]).await;
        assert_eq!(answer["result"]["account_email"], world.owner_email());
        let key = world.key_from(&answer["result"]);
        let roles = world.ok(&key, "GetKeyRoles", &[("key_id", key.id())]).await;
        assert_eq!(roles["result"][0]["role_name"], "Admin");
    }

    #[on_both_databases]
    async fn nobody_makes_a_key_stronger_than_themselves(world: World) {
        let weak = world.key(&[]).await;
        assert_eq!(world.refused(&weak, "CreateKey", &[("role_name", "Viewer")]).await, 104);
        world.ok(&weak, "CreateKey", &[("key_name", "another without roles")]).await;
        let developer = world.key(&["Developer"]).await;
        assert_eq!(world.refused(&developer, "CreateKey", &[("role_name", "Owner")]).await, 104);
        assert_eq!(world.refused(&developer, "CreateKey", &[("role_name", "Developer;Accountant")]).await, 104);
        world.ok(&developer, "CreateKey", &[("role_name", "Developer")]).await;
    }

    #[on_both_databases]
    async fn bad_roles_and_names_are_refused(world: World) {
        let owner = &world.owner;
        assert_eq!(world.refused(owner, "CreateKey", &[("role_id", "77")]).await, 440);
        assert_eq!(world.refused(owner, "CreateKey", &[("role_name", "King")]).await, 441);
        assert_eq!(world.refused(owner, "CreateKey", &[("key_name", &"n".repeat(51))]).await, 101);
        assert_eq!(world.ok(owner, "GetKeys", &[]).await["result"].as_array().map(Vec::len), Some(1));
    }

    #[on_both_databases]
    async fn the_audit_log_holds_no_private_key(world: World) {
        world.ok(&world.owner, "CreateKey", &[("description", "CI")]).await;
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await;
        assert_eq!(log["result"][0]["cmd_args"]["description"], "CI");
        assert!(!log.to_string().contains("PRIVATE KEY"), "{log}");
    }

    #[on_both_databases]
    async fn typings_may_have_their_list_of_one(world: World) {
        let world = world.with(|settings| settings.compat_typings = true).await;
        let answer = world.ok(&world.owner, "CreateKey", &[]).await;
        assert!(answer["result"][0]["key_id"].is_string(), "{answer}");
    }

    #[on_both_databases]
    async fn the_limit_holds(world: World) {
        let world = world.with(|settings| settings.limits.keys = 2).await;
        world.ok(&world.owner, "CreateKey", &[]).await;
        assert_eq!(world.refused(&world.owner, "CreateKey", &[]).await, 437);
    }
}
