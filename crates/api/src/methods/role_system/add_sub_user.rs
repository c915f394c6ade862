use crate::{methods::prelude::*, password, store::subusers};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[
    codes::SUBUSER_LIMIT,
    codes::SUBUSER_NAME_TAKEN,
    codes::SUBUSER_NAME_LENGTH,
    codes::SUBUSER_NAME_FORM,
    codes::PASSWORD_BLANK,
    codes::PASSWORD_CHARACTERS,
    codes::PASSWORD_SPACES,
    codes::PASSWORD_WEAK,
    codes::ACCESS_DENIED,
    codes::RATE_LIMIT,
];

#[derive(Request)]
pub struct Request {
    /// The login: 5 to 20 characters, a letter first, latin letters and digits. It is stored in lower case.
    pub new_subuser_name: String,
    /// 8 characters or more with upper case, lower case, digit and special character.
    #[param(secret)]
    pub new_subuser_password: String,
    /// The subuser's roles.
    pub roles: Option<RoleSet>,
    /// A note.
    #[param(max_chars(1_000))]
    pub description: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: SubUserId,
}

#[derive(Serialize, JsonSchema)]
pub struct SubUserId {
    pub subuser_id: i64,
}

/// Creates a subuser, who logs in with a name and password and has the rights of its roles.
///
/// Only an Owner makes subusers, and only with roles within its own rights.
#[method]
pub async fn add_sub_user(call: &Call, request: Request) -> Result<Response> {
    let roles = request.roles.unwrap_or_default();
    call.caller.must_cover("a new subuser", roles)?;
    let name = login(&request.new_subuser_name)?;
    password::check("new_subuser_password", &request.new_subuser_password, &name)?;
    let most = call.api().settings.limits.subusers;
    call.read(move |account, tx| room_for_a_subuser(account, tx, most)).await?;
    let hash = call.compute(move || password::hash(&request.new_subuser_password)).await?;
    let now = call.now;
    call.write(move |account, tx| {
        room_for_a_subuser(account, tx, most)?;
        let taken_name = || Error::field(codes::SUBUSER_NAME_TAKEN, "new_subuser_name", format!("The account has a subuser '{name}' already."));
        if subusers::by_name_for_login(tx, account.id(), &name)?.is_some() {
            return Err(taken_name().into());
        }
        let subuser_id = subusers::insert(account, tx, &name, &hash, request.description.as_deref(), now).map_err(|failure| taken(failure, taken_name))?;
        subusers::set_roles(account, tx, subuser_id, roles)?;
        Ok(Response { result: SubUserId { subuser_id } })
    })
    .await
}

/// Checked before the password is hashed, which is dear, and again when the subuser is stored.
fn room_for_a_subuser(account: &Account, tx: &Tx, most: i64) -> Result<()> {
    if subusers::count(account, tx)? >= most {
        return Err(limit(codes::SUBUSER_LIMIT, "subusers", most, "limits.subusers").into());
    }
    Ok(())
}

/// A login in the form it is stored in (semantics §8.9).
fn login(text: &str) -> Result<String, Error> {
    let name = text.trim().to_lowercase();
    if !(5..=20).contains(&name.chars().count()) {
        return Err(Error::field(codes::SUBUSER_NAME_LENGTH, "new_subuser_name", "'new_subuser_name' must have 5 to 20 characters."));
    }
    let letter_first = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !letter_first || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c)) {
        return Err(Error::field(
            codes::SUBUSER_NAME_FORM,
            "new_subuser_name",
            "'new_subuser_name' must begin with a letter and hold latin letters, digits and '_-.' only.",
        ));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    const PASSWORD: &str = "Go0d-Passw";

    #[on_both_databases]
    async fn a_subuser_logs_in_with_the_rights_of_its_roles(world: World) {
        let added = world.ok(&world.owner, "AddSubUser", &[("new_subuser_name", "Alice"), ("new_subuser_password", PASSWORD), ("role_name", "Developer")]).await;
        assert!(added["result"]["subuser_id"].is_i64());
        let alice = world.subuser("alice", PASSWORD);
        world.ok(&alice, "GetScenarios", &[]).await;
        assert_eq!(world.refused(&alice, "GetSubUsers", &[]).await, 104);
        let wrong = world.subuser("alice", "Wr0ng-Passw");
        assert_eq!(world.refused(&wrong, "GetScenarios", &[]).await, 100);
    }

    #[on_both_databases]
    async fn names_and_passwords_have_their_form(world: World) {
        let add = async |name: &str, password: &str| world.refused(&world.owner, "AddSubUser", &[("new_subuser_name", name), ("new_subuser_password", password)]).await;
        assert_eq!(add("abcd", PASSWORD).await, 452);
        assert_eq!(add("1alice", PASSWORD).await, 453);
        assert_eq!(add("алиса", PASSWORD).await, 453);
        assert_eq!(add("alice", "short").await, 463);
        assert_eq!(add("alice", "no-upper-1x").await, 464);
        assert_eq!(add("alice", "With Space-1").await, 524);
        world.ok(&world.owner, "AddSubUser", &[("new_subuser_name", "alice"), ("new_subuser_password", PASSWORD)]).await;
        assert_eq!(add("ALICE", PASSWORD).await, 436);
    }

    #[on_both_databases]
    async fn only_an_owner_makes_subusers(world: World) {
        let admin = world.key(&["Admin", "Editor"]).await;
        assert_eq!(world.refused(&admin, "AddSubUser", &[("new_subuser_name", "mallory"), ("new_subuser_password", PASSWORD), ("role_name", "Owner")]).await, 104);
    }

    #[on_both_databases]
    async fn the_limit_holds(world: World) {
        let world = world.with(|settings| settings.limits.subusers = 0).await;
        assert_eq!(world.refused(&world.owner, "AddSubUser", &[("new_subuser_name", "alice"), ("new_subuser_password", PASSWORD)]).await, 438);
    }
}
