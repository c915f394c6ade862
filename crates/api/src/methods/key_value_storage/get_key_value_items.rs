use super::{ItemView, LONGEST_KEY, StorageKey};
use crate::{
    methods::prelude::*,
    store::{applications::Application, key_values},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Storage;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The beginning of the keys: a prefix, or a namespace with its colon.
    #[param(max_chars(LONGEST_KEY))]
    pub key: StorageKey,
    /// The application whose storage it is.
    pub application: One<Application>,
    /// Items of the answer, 50 at most.
    #[param(default("10"), min(0), max(50))]
    pub count: i64,
    /// Items to skip.
    #[param(default("0"), min(0))]
    pub offset: i64,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<ItemView>,
}

/// Lists the items whose keys begin with a text, in the order of keys.
#[method]
pub async fn get_key_value_items(call: &Call, request: Request) -> Result<Response> {
    let now = call.now;
    call.read(move |account, tx| {
        let application = request.application.find(account, tx, ())?;
        let page = Page { count: request.count, offset: request.offset };
        let items = key_values::items(account, tx, application.id, &request.key.0, page, now)?;
        Ok(Response { result: items.into_iter().map(ItemView::from).collect() })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn items_are_found_by_the_beginning_of_their_keys(world: World) {
        let (shop, bank) = (world.application("shop").await, world.application("bank").await);
        for key in ["test:2", "test", "test:1", "testing", "tes", "Test:1", "_est", "test;", "тест:1", "тест:ё"] {
            world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &shop), ("key", key), ("value", &format!("of {key}"))]).await;
        }
        world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &bank), ("key", "test:9"), ("value", "of the bank")]).await;
        let found = async |key: &str| {
            let answer = world.ok(&world.owner, "GetKeyValueItems", &[("application_id", &shop), ("key", key)]).await;
            assert_eq!(answer.as_object().unwrap().len(), 1, "{answer}");
            answer["result"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| {
                    assert_eq!(item["value"], format!("of {}", item["key"].as_str().unwrap()));
                    item["key"].as_str().unwrap().to_owned()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(found("test").await, ["test", "test:1", "test:2", "test;", "testing"]);
        assert_eq!(found("test:").await, ["test:1", "test:2"]);
        assert_eq!(found("test:1").await, ["test:1"]);
        assert_eq!(found("тест:").await, ["тест:1", "тест:ё"]);
        assert_eq!(found("_").await, ["_est"], "an underscore is no wildcard");
        assert_eq!(found("x").await, [""; 0]);
        assert_eq!(world.refused(&world.owner, "GetKeyValueItems", &[("application_id", &shop)]).await, 134);
    }

    #[on_both_databases]
    async fn items_are_paged_ten_by_default_and_fifty_at_most(world: World) {
        let shop = world.application("shop").await;
        for number in 0..51 {
            world.ok(&world.owner, "SetKeyValueItem", &[("application_id", &shop), ("key", &format!("n:{number:02}")), ("value", "v")]).await;
        }
        let page = async |pairs: &[(&str, &str)]| {
            let all: Vec<_> = pairs.iter().copied().chain([("application_id", shop.as_str()), ("key", "n")]).collect();
            let answer = world.ok(&world.owner, "GetKeyValueItems", &all).await;
            answer["result"].as_array().unwrap().iter().map(|item| item["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let numbered = |from: usize, to: usize| (from..to).map(|number| format!("n:{number:02}")).collect::<Vec<_>>();
        assert_eq!(page(&[]).await, numbered(0, 10));
        assert_eq!(page(&[("offset", "10")]).await, numbered(10, 20));
        assert_eq!(page(&[("count", "50")]).await, numbered(0, 50));
        assert_eq!(page(&[("count", "50"), ("offset", "50")]).await, numbered(50, 51));
        assert_eq!(page(&[("count", "0")]).await, numbered(0, 0));
        assert_eq!(page(&[("offset", "9223372036854775807")]).await, numbered(0, 0));
        for (name, value) in [("count", "51"), ("count", "-1"), ("offset", "-1"), ("count", "x")] {
            assert_eq!(world.refused(&world.owner, "GetKeyValueItems", &[("application_id", &shop), ("key", "n"), (name, value)]).await, 101, "{name}={value}");
        }
    }
}
