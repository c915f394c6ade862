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
    /// The secrets' application.
    pub application: One<Application>,
    /// Part of the name, in any case.
    pub secret_name_part: Option<String>,
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<SecretInfo>,
    pub count: usize,
    pub total_count: i64,
}

#[derive(Serialize, JsonSchema)]
pub struct SecretInfo {
    pub secret_id: i64,
    pub secret_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub created: Utc,
    pub modified: Utc,
}

/// Lists the secrets of an application without their values.
#[method]
pub async fn get_secrets(call: &Call, request: Request) -> Result<Response> {
    call.read(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        let (secrets, total_count) = secrets::page(account, tx, application.id, request.secret_name_part.as_deref(), request.page)?;
        let view = |secret: Secret| SecretInfo {
            secret_id: secret.id,
            secret_name: secret.name,
            description: secret.description,
            created: secret.created_at,
            modified: secret.modified_at,
        };
        let result: Vec<SecretInfo> = secrets.into_iter().map(view).collect();
        Ok(Response { count: result.len(), total_count, result })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn secrets_are_listed_filtered_and_paged_without_values(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for (application, name) in [(&shop, "apiKey"), (&shop, "db_password"), (&bank, "apiKey"), (&shop, "OtherApiKey")] {
            world.ok(&world.owner, "AddSecret", &[("application_id", application), ("secret_name", name), ("secret_value", "correct-horse")]).await;
        }
        let list = async |pairs: &[(&str, &str)]| {
            let all: Vec<_> = pairs.iter().copied().chain([("application_id", shop.as_str())]).collect();
            let seen = world.ok(&world.owner, "GetSecrets", &all).await;
            assert!(!seen.to_string().contains("correct-horse"), "{seen}");
            let names: Vec<String> = seen["result"].as_array().unwrap().iter().map(|secret| secret["secret_name"].as_str().unwrap().to_owned()).collect();
            assert_eq!(seen["count"], names.len());
            (names, seen["total_count"].as_i64())
        };
        let found = |names: &[&str], total| (names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), Some(total));
        assert_eq!(list(&[]).await, found(&["apiKey", "db_password", "OtherApiKey"], 3));
        assert_eq!(list(&[("secret_name_part", "APIKEY")]).await, found(&["apiKey", "OtherApiKey"], 2));
        assert_eq!(list(&[("secret_name_part", "_")]).await, found(&["db_password"], 1));
        assert_eq!(list(&[("secret_name_part", "%")]).await, found(&[], 0));
        assert_eq!(list(&[("count", "1"), ("offset", "1")]).await, found(&["db_password"], 3));
        assert_eq!(world.refused(&world.owner, "GetSecrets", &[]).await, 134);
        assert_eq!(world.refused(&world.owner, "GetSecrets", &[("application_id", "99999")]).await, 116);
    }
}
