use super::versions::VersionInfo;
use crate::{
    methods::prelude::*,
    store::{scenario_versions, scenarios::Scenario},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Scenarios;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The scenario.
    pub scenario: One<Scenario>,
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<VersionInfo>,
    pub total_count: i64,
    pub count: usize,
}

/// Lists the texts that a scenario had, the newest first.
///
/// AddScenario, SetScenarioInfo and RestoreScenarioVersion make a version when they change the text. The newest 100 are kept,
/// and of those as many as have 2,621,440 characters together.
#[method(ours)]
pub async fn get_scenario_versions(call: &Call, request: Request) -> Result<Response> {
    call.read(move |account, tx| {
        let scenario = request.scenario.find(account, tx, None)?;
        let newest = scenario_versions::newest(account, tx, scenario.id)?;
        let (found, total_count) = scenario_versions::page(account, tx, scenario.id, request.page)?;
        let result: Vec<VersionInfo> = found.into_iter().map(|version| VersionInfo::of(version, newest)).collect();
        Ok(Response { total_count, count: result.len(), result })
    })
    .await
}

#[cfg(test)]
mod tests {
    use cordboard_derive::sql;

    use crate::{bind, store::db::Lock, testing::*};

    #[on_both_databases]
    async fn every_change_of_the_text_makes_a_version(mut world: World) {
        let id = world.scenario("hello").await;
        let of_hello = [("scenario_id", id.as_str())];
        let save = async |world: &World, who: &Who, script: &str| world.ok(who, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_script", script)]).await;
        save(&world, &world.owner, "let a;").await;
        world.ok(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_name", "bye")]).await;
        assert_eq!(world.ok(&world.owner, "GetScenarioVersions", &of_hello).await["total_count"], 1);
        world.advance_ms(1_000);
        world.add_subuser("alice", &["Developer"]).await;
        save(&world, &world.subuser("alice", SUBUSER_PASSWORD), "// é").await;
        world.ok(&world.password(), "AddScenario", &[("scenario_name", "bye"), ("rewrite", "true"), ("scenario_script", "let bb;")]).await;
        let key = world.ok(&world.owner, "CreateKey", &[("role_name", "Developer"), ("description", "deploys")]).await;
        save(&world, &world.key_from(&key["result"]), "let ccc;").await;
        let unnamed = world.key(&["Developer"]).await;
        save(&world, &unnamed, "// z").await;
        let seen = world.ok(&world.owner, "GetScenarioVersions", &of_hello).await;
        let version = |version: i64, saved_by: &str, characters: i64| {
            let saved = if version == 1 { "2026-01-01 12:00:00" } else { "2026-01-01 12:00:01" };
            json!({"version": version, "saved": saved, "saved_by": saved_by, "characters": characters, "current": version == 5})
        };
        let wanted = json!([version(5, unnamed.id(), 4), version(4, "deploys", 8), version(3, "owner", 7), version(2, "alice", 4), version(1, "Owner", 6)]);
        assert_eq!(seen, json!({"result": wanted, "total_count": 5, "count": 5}));
        let page = world.ok(&world.owner, "GetScenarioVersions", &[("scenario_name", "bye"), ("count", "1"), ("offset", "1")]).await;
        assert_eq!((&page["result"][0]["version"], &page["result"][0]["current"], &page["total_count"]), (&json!(4), &json!(false), &json!(5)));
    }

    #[on_both_databases]
    async fn the_oldest_go_when_there_are_many_or_they_are_long(world: World) {
        let id = world.scenario("hello").await;
        let save = async |script: &str| world.ok(&world.owner, "SetScenarioInfo", &[("scenario_id", id.as_str()), ("scenario_script", script)]).await;
        for number in 2..=101 {
            save(&format!("let a = {number};")).await;
        }
        let seen = world.ok(&world.owner, "GetScenarioVersions", &[("scenario_id", id.as_str()), ("count", "1"), ("offset", "99")]).await;
        assert_eq!((&seen["total_count"], &seen["result"][0]["version"]), (&json!(100), &json!(2)));
        for letter in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"] {
            save(&letter.repeat(262_144)).await;
        }
        let seen = world.ok(&world.owner, "GetScenarioVersions", &[("scenario_id", id.as_str())]).await;
        assert_eq!((&seen["total_count"], &seen["result"][0]["version"], &seen["result"][9]["version"]), (&json!(10), &json!(112), &json!(103)));
    }

    #[on_both_databases]
    async fn versions_go_with_their_scenario(world: World) {
        let id = world.scenario("hello").await;
        world.ok(&world.owner, "DelScenario", &[("scenario_id", &id)]).await;
        let number: i64 = id.parse().unwrap();
        let left = world.api.db.write(Lock::None, move |tx| Ok(tx.all::<(i64,)>(sql!("SELECT version FROM scenario_versions WHERE scenario_id = ?1"), bind![number])?));
        assert_eq!(left.await.unwrap(), []);
        assert_eq!(world.refused(&world.owner, "GetScenarioVersions", &[("scenario_id", &id)]).await, 132);
        assert_eq!(world.refused(&world.owner, "GetScenarioVersions", &[("scenario_name", "none")]).await, 168);
        assert_eq!(world.refused(&world.owner, "GetScenarioVersions", &[]).await, 134);
        assert_eq!(world.refused(&world.key(&["Support"]).await, "GetScenarioVersions", &[("scenario_id", &id)]).await, 104);
    }
}
