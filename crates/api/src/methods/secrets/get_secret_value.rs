use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        secrets::{self, Secret},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Secrets;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The secret's application.
    pub application: One<Application>,
    /// The secret to read.
    pub secret: One<Secret>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// With the setting `compat.typings` it is a list of one.
    pub result: Shaped<SecretValue>,
}

#[derive(Serialize, JsonSchema)]
pub struct SecretValue {
    pub secret_id: i64,
    pub secret_name: String,
    pub secret_value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub created: Utc,
    pub modified: Utc,
}

/// Gives a secret with its value.
#[method]
pub async fn get_secret_value(call: &Call, request: Request) -> Result<Response> {
    let (sealing, typings) = (call.api().secrets.clone(), call.api().settings.compat_typings);
    call.read(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        let secret = request.secret.find(account, tx, application.id)?;
        let sealed = secrets::sealed(account, tx, application.id, secret.id)?;
        let value = SecretValue {
            secret_id: secret.id,
            secret_name: secret.name,
            secret_value: super::open(&sealing, application.id, &sealed)?,
            description: secret.description,
            created: secret.created_at,
            modified: secret.modified_at,
        };
        Ok(Response { result: Shaped::new(typings, value) })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_secret_is_read_by_id_or_name_in_its_application(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        let (in_shop, value) = (("application_id", shop.as_str()), "  päss;wörd\n");
        let added = world.ok(&world.owner, "AddSecret", &[in_shop, ("secret_name", "token"), ("secret_value", value)]).await;
        let id = added["result"]["secret_id"].to_string();
        let wanted = json!({"result": {
            "secret_id": added["result"]["secret_id"],
            "secret_name": "token",
            "secret_value": value,
            "created": "2026-01-01 12:00:00",
            "modified": "2026-01-01 12:00:00",
        }});
        for named in [("secret_id", id.as_str()), ("secret_name", "token")] {
            assert_eq!(world.ok(&world.owner, "GetSecretValue", &[in_shop, named]).await, wanted);
            assert_eq!(world.refused(&world.owner, "GetSecretValue", &[("application_id", &bank), named]).await, 101);
            assert_eq!(world.refused(&world.owner, "GetSecretValue", &[named]).await, 134);
        }
        assert_eq!(world.refused(&world.owner, "GetSecretValue", &[in_shop, ("secret_name", "Token")]).await, 101);
        assert_eq!(world.refused(&world.owner, "GetSecretValue", &[in_shop]).await, 134);
        assert_eq!(world.refused(&world.key(&["Viewer"]).await, "GetSecretValue", &[in_shop, ("secret_id", &id)]).await, 104);
    }

    #[on_both_databases]
    async fn typed_clients_get_a_list(world: World) {
        let world = world.with(|settings| settings.compat_typings = true).await;
        let shop = world.application("shop").await;
        world.ok(&world.owner, "AddSecret", &[("application_id", &shop), ("secret_name", "token"), ("secret_value", "v"), ("description", "d")]).await;
        let read = world.ok(&world.owner, "GetSecretValue", &[("application_id", &shop), ("secret_name", "token")]).await;
        assert_eq!((&read["result"][0]["secret_value"], &read["result"][0]["description"]), (&json!("v"), &json!("d")));
    }
}
