use super::{LONGEST_VALUE, SecretName};
use crate::{
    methods::prelude::*,
    store::{
        applications::Application,
        secrets::{self, Changes, Secret},
    },
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Secrets;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The secret's application.
    pub application: One<Application>,
    /// The secret to change.
    pub secret: One<Secret>,
    /// The new name, `[A-Za-z][A-Za-z0-9_]{0,63}`.
    #[param(max_chars(64))]
    pub new_secret_name: Option<SecretName>,
    /// The new secret text.
    #[param(secret, max_chars(LONGEST_VALUE))]
    pub secret_value: Option<String>,
    /// A note, cut to 200 characters.
    pub description: Option<String>,
}

pub type Response = Done;

/// Changes a secret by what is sent. Running sessions keep what they were given at their start.
#[method]
pub async fn set_secret_info(call: &Call, request: Request) -> Result<Response> {
    let (sealing, now) = (call.api().secrets.clone(), call.now);
    call.write(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        let secret = request.secret.find(account, tx, application.id)?;
        let name = request.new_secret_name.map(|name| name.0);
        if let Some(name) = &name {
            super::must_be_free(account, tx, application.id, "new_secret_name", name, Some(secret.id))?;
        }
        let value_encrypted = request.secret_value.map(|value| super::seal(&sealing, application.id, secret.id, &value)).transpose()?;
        let changes = Changes { name, description: super::shortened(request.description), value_encrypted };
        secrets::update(account, tx, secret.id, &changes, now)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_secret_changes_by_what_is_sent(mut world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        let in_shop = ("application_id", shop.as_str());
        let add = [in_shop, ("secret_name", "token"), ("secret_value", "first-value"), ("description", "of the shop")];
        let id = world.ok(&world.owner, "AddSecret", &add).await["result"]["secret_id"].to_string();
        world.ok(&world.owner, "AddSecret", &[in_shop, ("secret_name", "other"), ("secret_value", "v")]).await;
        world.advance_ms(60_000);
        let by_id = ("secret_id", id.as_str());
        world.ok(&world.owner, "SetSecretInfo", &[in_shop, by_id, ("new_secret_name", "Token")]).await;
        let seen = world.ok(&world.owner, "GetSecretValue", &[in_shop, ("secret_name", "Token")]).await["result"].clone();
        assert_eq!((&seen["secret_id"], &seen["secret_value"]), (&json!(id.parse::<i64>().unwrap()), &json!("first-value")));
        assert_eq!((&seen["description"], &seen["created"], &seen["modified"]), (&json!("of the shop"), &json!("2026-01-01 12:00:00"), &json!("2026-01-01 12:01:00")));
        assert_eq!(world.refused(&world.owner, "GetSecretValue", &[in_shop, ("secret_name", "token")]).await, 101);

        let long = "d".repeat(201);
        world.ok(&world.owner, "SetSecretInfo", &[in_shop, ("secret_name", "Token"), ("secret_value", "second-value"), ("description", &long)]).await;
        let seen = world.ok(&world.owner, "GetSecretValue", &[in_shop, by_id]).await["result"].clone();
        assert_eq!((&seen["secret_name"], &seen["secret_value"], &seen["description"]), (&json!("Token"), &json!("second-value"), &json!("d".repeat(200))));
        let found = world.ok(&world.owner, "GetSecrets", &[in_shop, ("secret_name_part", "TOK")]).await;
        assert_eq!(found["total_count"], 1);

        for (application, name, value, code) in [
            (in_shop, "new_secret_name", "other", 101),
            (in_shop, "new_secret_name", "a-b", 101),
            (("application_id", bank.as_str()), "description", "d", 101),
            (("application_id", "99999"), "description", "d", 116),
        ] {
            assert_eq!(world.refused(&world.owner, "SetSecretInfo", &[application, by_id, (name, value)]).await, code, "{name}={value}");
        }
        world.ok(&world.owner, "SetSecretInfo", &[in_shop, by_id, ("new_secret_name", "Token")]).await;
        let log = world.ok(&world.owner, "GetAuditLog", &[]).await.to_string();
        assert!(log.contains("***") && !log.contains("first-value") && !log.contains("second-value"), "{log}");
    }
}
