use crate::{
    cleaning::DAY_MS,
    methods::prelude::*,
    registry::Catalogue,
    store::{key_usage, keys},
    usage,
};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Keys;
pub const ERRORS: &[Code] = &[codes::KEY_ID];

/// Days that are looked back.
const DAYS: i64 = 30;

#[derive(Request)]
pub struct Request {
    /// The key.
    #[param(code(KEY_ID), max_chars(100))]
    pub key_id: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The methods that the key used, by name.
    pub result: Vec<MethodUse>,
    /// The fewest roles that allow all of them; none when all are basic.
    pub smallest_roles: Vec<RoleName>,
    /// Days that were looked back.
    pub days: i64,
}

#[derive(Serialize, JsonSchema)]
pub struct MethodUse {
    pub method: String,
    /// Calls of the method that the key was allowed to make, also those that were refused for their parameters.
    pub uses: i64,
    pub last_used: Utc,
    /// Whether the method needs no role.
    pub basic: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct RoleName {
    pub role_id: i64,
    pub role_name: &'static str,
}

/// Lists the methods that a key used in the last 30 days, and the fewest roles that allow them.
///
/// Of as few roles, those that allow the fewest other methods are named, and Owner only where nothing else is enough. Uses are
/// counted by days in UTC; those that another node counted in the last minute may be missing.
#[method(ours)]
pub async fn get_key_usage(call: &Call, request: Request) -> Result<Response> {
    let (key_id, since) = (request.key_id.clone(), usage::day(call.now) - DAYS);
    call.read(move |account, tx| keys::find(account, tx, &key_id).map(|_| ())).await?;
    call.api().flush_usage().await?;
    let mut used = call.read(move |account, tx| Ok(key_usage::since(account, tx, &request.key_id, since)?)).await?;
    used.retain(|used| used.last_used_at.0 > call.now.0 - DAYS * DAY_MS);
    let catalogue = Catalogue::get();
    let roles = catalogue.smallest_roles(used.iter().map(|used| used.method.as_str()));
    let view = |used: key_usage::Used| MethodUse { basic: catalogue.is_basic(&used.method), method: used.method, uses: used.uses, last_used: used.last_used_at };
    Ok(Response {
        result: used.into_iter().map(view).collect(),
        smallest_roles: roles.iter().map(|role| RoleName { role_id: role.id(), role_name: role.name() }).collect(),
        days: DAYS,
    })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    fn advised(answer: &Value) -> Vec<&str> {
        answer["smallest_roles"].as_array().into_iter().flatten().filter_map(|role| role["role_name"].as_str()).collect()
    }

    #[on_both_databases]
    async fn a_call_shows_at_once_and_older_ones_are_added(mut world: World) {
        let key = world.key(&["Admin"]).await;
        let of_key = [("key_id", key.id())];
        assert_eq!(world.ok(&world.owner, "GetKeyUsage", &of_key).await, json!({"result": [], "smallest_roles": [], "days": 30}));
        world.ok(&key, "GetScenarios", &[]).await;
        world.api.flush_usage().await.unwrap();
        world.advance_ms(86_400_000);
        world.ok(&key, "GetScenarios", &[]).await;
        world.ok(&key, "GetRoles", &[]).await;
        let seen = world.ok(&world.owner, "GetKeyUsage", &of_key).await;
        let wanted = json!([
            {"method": "GetRoles", "uses": 1, "last_used": "2026-01-02 12:00:00", "basic": true},
            {"method": "GetScenarios", "uses": 2, "last_used": "2026-01-02 12:00:00", "basic": false},
        ]);
        assert_eq!((&seen["result"], advised(&seen)), (&wanted, vec!["Viewer"]));
        world.ok(&key, "AddScenario", &[("scenario_name", "hello")]).await;
        assert_eq!(advised(&world.ok(&world.owner, "GetKeyUsage", &of_key).await), ["Developer"]);
    }

    #[on_both_databases]
    async fn what_was_refused_and_what_is_long_ago_does_not_count(mut world: World) {
        let key = world.key(&["Support"]).await;
        assert_eq!(world.refused(&key, "GetScenarios", &[]).await, 104);
        world.ok(&key, "GetRules", &[]).await;
        world.advance_ms(30 * 86_400_000 - 1);
        let seen = world.ok(&key, "GetKeyUsage", &[("key_id", key.id())]).await;
        assert_eq!(
            seen["result"].as_array().map(|uses| uses.iter().map(|used| used["method"].as_str()).collect::<Vec<_>>()),
            Some(vec![Some("GetKeyUsage"), Some("GetRules")])
        );
        world.advance_ms(1);
        let seen = world.ok(&world.owner, "GetKeyUsage", &[("key_id", key.id())]).await;
        assert_eq!(seen["result"].as_array().map(Vec::len), Some(1), "{seen}");
    }

    #[on_both_databases]
    async fn an_owner_is_advised_only_where_nothing_else_is_enough(world: World) {
        let child = world.child("kiddo", "kid@example.org").await;
        world.add_subuser("alice", &[]).await;
        let seen = world.ok(&world.owner, "GetKeyUsage", &[("key_id", world.owner.id())]).await;
        assert_eq!(advised(&seen), ["Owner"], "{seen}");
        assert_eq!(world.refused(&world.owner.on(&child), "GetKeyUsage", &[("key_id", world.owner.id())]).await, 433);
        assert_eq!(world.refused(&world.owner, "GetKeyUsage", &[("key_id", "nobody")]).await, 433);
        assert_eq!(world.refused(&world.owner, "GetKeyUsage", &[]).await, 134);
    }
}
