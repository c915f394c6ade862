use super::{LONGEST_VALUE, SecretName};
use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        secrets::{self, Changes},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Secrets;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The name, `[A-Za-z][A-Za-z0-9_]{0,63}`; upper and lower case are different.
    #[param(max_chars(64))]
    pub secret_name: SecretName,
    /// The secret text.
    #[param(secret, max_chars(LONGEST_VALUE))]
    pub secret_value: String,
    /// The application whose scenarios may read it.
    pub application: One<Application>,
    /// A note, cut to 200 characters.
    pub description: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// With the setting `compat.typings` it is a list of one.
    pub result: Shaped<Added>,
}

#[derive(Serialize, JsonSchema)]
pub struct Added {
    pub secret_id: i64,
}

/// Adds a secret to an application. Sessions that start from now on can read it.
#[method]
pub async fn add_secret(call: &Call, request: Request) -> Result<Response> {
    let (sealing, typings) = (call.api().secrets.clone(), call.api().settings.compat_typings);
    let (most, now) = (call.api().settings.limits.secrets, call.now);
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        let name = request.secret_name.0;
        super::must_be_free(account, tx, application.id, "secret_name", &name, None)?;
        if secrets::count(account, tx, application.id)? >= most {
            return Err(limit(codes::ARGUMENTS, "secrets of an application", most, "limits.secrets").into());
        }
        let description = super::shortened(request.description);
        let secret_id = secrets::insert(account, tx, application.id, &name, description.as_deref(), now)?;
        let sealed = super::seal(&sealing, application.id, secret_id, &request.secret_value)?;
        secrets::update(account, tx, secret_id, &Changes { value_encrypted: Some(sealed), ..Changes::default() }, now)?;
        Ok(Response { result: Shaped::new(typings, Added { secret_id }) })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_secret_is_added_and_found_nowhere_but_in_its_value(world: World) {
        let shop = world.application("shop").await;
        let long = "d".repeat(300);
        let added = world
            .ok(&world.owner, "AddSecret", &[("application_id", &shop), ("secret_name", "apiKey_1"), ("secret_value", "correct-horse"), ("description", &long)])
            .await;
        let id = &added["result"]["secret_id"];
        let list = world.ok(&world.owner, "GetSecrets", &[("application_id", &shop)]).await;
        assert_eq!((&list["result"][0]["secret_id"], &list["result"][0]["description"]), (id, &json!("d".repeat(200))));
        let value = world.ok(&world.owner, "GetSecretValue", &[("application_id", &shop), ("secret_name", "apiKey_1")]).await;
        assert_eq!(value["result"]["secret_value"], "correct-horse");
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await;
        assert_eq!(log["result"][1]["cmd_args"]["secret_value"], "***", "{log}");
        for shown in [added, list, log] {
            assert!(!shown.to_string().contains("correct-horse"), "{shown}");
        }
    }

    #[on_both_databases]
    async fn names_are_unique_in_their_application_and_case_matters(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        let add = async |application: &str, name: &str| {
            world.call(&world.owner, "AddSecret", &[("application_id", application), ("secret_name", name), ("secret_value", "v")]).await["error"]["code"].as_u64()
        };
        assert_eq!((add(&shop, "token").await, add(&shop, "Token").await, add(&bank, "token").await), (None, None, None));
        assert_eq!(add(&shop, "token").await, Some(101));
        assert_eq!(world.ok(&world.owner, "GetSecrets", &[("application_id", &shop)]).await["total_count"], 2);
    }

    #[on_both_databases]
    async fn every_bad_value_has_its_code(world: World) {
        let shop = world.application("shop").await;
        let (long, longest, long_name, longest_name) = ("ж".repeat(8_193), "ж".repeat(8_192), "n".repeat(65), "n".repeat(64));
        let add = async |name: &str, value: &str, application: (&str, &str)| {
            world.call(&world.owner, "AddSecret", &[("secret_name", name), ("secret_value", value), application]).await
        };
        let in_shop = ("application_id", shop.as_str());
        for name in ["1a", "_a", "a-b", "a b", "a.b", "é", "a\u{202e}", "", &long_name] {
            let code = if name.is_empty() { 134 } else { 101 };
            assert_eq!(add(name, "v", in_shop).await["error"]["code"], code, "{name}");
        }
        for (value, application, code) in
            [("", in_shop, 134), (long.as_str(), in_shop, 101), ("v", ("application_id", "99999"), 116), ("v", ("application_name", "none"), 558)]
        {
            let refused = add("token", value, application).await;
            assert_eq!(refused["error"]["code"], code, "{value:.9}");
            assert!(!refused.to_string().contains("жжж"), "{refused}");
        }
        assert_eq!(world.refused(&world.owner, "AddSecret", &[("secret_name", "a"), ("secret_value", "v")]).await, 134);
        assert_eq!(world.refused(&world.key(&["Support"]).await, "AddSecret", &[("secret_name", "a"), ("secret_value", "v"), in_shop]).await, 104);
        assert_eq!(world.ok(&world.owner, "GetSecrets", &[in_shop]).await["total_count"], 0);
        assert!(add(&longest_name, &longest, in_shop).await.get("error").is_none());
    }

    #[on_both_databases]
    async fn the_limit_holds_and_typed_clients_get_a_list(world: World) {
        let world = world.with(|settings| (settings.limits.secrets, settings.compat_typings) = (1, true)).await;
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        let added = world.ok(&world.owner, "AddSecret", &[("application_id", &shop), ("secret_name", "a"), ("secret_value", "v")]).await;
        assert!(added["result"][0]["secret_id"].is_i64(), "{added}");
        assert_eq!(world.refused(&world.owner, "AddSecret", &[("application_id", &shop), ("secret_name", "b"), ("secret_value", "v")]).await, 101);
        world.ok(&world.owner, "AddSecret", &[("application_id", &bank), ("secret_name", "b"), ("secret_value", "v")]).await;
    }
}
