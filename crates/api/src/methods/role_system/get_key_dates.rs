use crate::{
    methods::prelude::*,
    store::{key_usage, keys},
};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_ID];

#[derive(Request)]
pub struct Request {
    /// Only this key.
    #[param(code(KEY_ID), max_chars(100))]
    pub key_id: Option<String>,
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<KeyDates>,
}

#[derive(Serialize, JsonSchema)]
pub struct KeyDates {
    pub key_id: String,
    pub created: Utc,
    /// The last call that the key made; absent when there was none in the time that `GetKeyUsage` looks back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_used: Option<Utc>,
}

/// Says when keys were made and last used, in the order and pages of `GetKeys`.
#[method(ours)]
pub async fn get_key_dates(call: &Call, request: Request) -> Result<Response> {
    call.api().flush_usage().await?;
    call.read(move |account, tx| {
        let found = match &request.key_id {
            Some(id) => vec![keys::find(account, tx, id)?],
            None => keys::page(account, tx, request.page)?,
        };
        let view = |key: keys::Key| Ok(KeyDates { last_used: key_usage::last(account, tx, &key.id)?, created: keys::created(account, tx, &key.id)?, key_id: key.id });
        Ok(Response { result: found.into_iter().map(view).collect::<Result<_>>()? })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_key_is_new_until_it_is_used(mut world: World) {
        let made = world.ok(&world.owner, "CreateKey", &[]).await;
        let key = world.key_from(&made["result"]);
        let of_key = [("key_id", key.id())];
        let seen = world.ok(&world.owner, "GetKeyDates", &of_key).await;
        assert_eq!(seen, json!({"result": [{"key_id": key.id(), "created": "2026-01-01 12:00:00"}]}));
        world.advance_ms(60_000);
        world.ok(&key, "GetRoles", &[]).await;
        let seen = world.ok(&world.owner, "GetKeyDates", &of_key).await;
        assert_eq!(seen["result"][0]["last_used"], "2026-01-01 12:01:00");
        let all = world.ok(&world.owner, "GetKeyDates", &[]).await;
        let keys = world.ok(&world.owner, "GetKeys", &[]).await;
        let ids = |answer: &Value| answer["result"].as_array().into_iter().flatten().map(|row| row["key_id"].clone()).collect::<Vec<_>>();
        assert_eq!(ids(&all), ids(&keys));
    }
}
