use crate::{
    methods::{applications::full_name, prelude::*},
    registry::{Catalogue, Rights},
    store::{
        folded, keys,
        search::{self, Found, Table},
    },
};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Applications;
pub const ERRORS: &[Code] = &[];

/// Things of an answer at most.
const MOST: usize = 50;

#[derive(Request)]
pub struct Request {
    /// A part of a name, or an id. Case does not matter.
    #[param(max_chars(100))]
    pub text: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// At most 50 things: first those whose id or whose name's beginning is the text, then those with the text elsewhere.
    pub result: Vec<Hit>,
}

#[derive(Serialize, JsonSchema)]
pub struct Hit {
    pub kind: ThingKind,
    pub id: ThingId,
    /// The full name of an application, the name of other things; a key without one has its description.
    pub name: String,
    /// The application that the thing is in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThingKind {
    Application,
    User,
    Rule,
    Scenario,
    Key,
    Subuser,
    /// A child account.
    Account,
    /// By its name alone.
    Secret,
}

/// A key's id is a text, others are numbers.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum ThingId {
    Number(i64),
    Text(String),
}

/// Every kind: the method that lists it, and its table.
const KINDS: [(ThingKind, &str, Option<Table>); 8] = [
    (ThingKind::Application, "GetApplications", Some(Table::Applications)),
    (ThingKind::User, "GetUsers", Some(Table::Users)),
    (ThingKind::Rule, "GetRules", Some(Table::Rules)),
    (ThingKind::Scenario, "GetScenarios", Some(Table::Scenarios)),
    (ThingKind::Key, "GetKeys", None),
    (ThingKind::Subuser, "GetSubUsers", Some(Table::Subusers)),
    (ThingKind::Account, "GetChildrenAccounts", Some(Table::Children)),
    (ThingKind::Secret, "GetSecrets", Some(Table::Secrets)),
];

/// Finds the account's applications, users, rules, scenarios, keys, subusers, child accounts and secrets by name or id.
///
/// Kinds that the caller may not list are left out, and each other kind gets its share of the answer. The beginnings of names
/// are found however many there are; other parts of names in the first 5,000 of each kind.
#[method(ours)]
pub async fn search(call: &Call, request: Request) -> Result<Response> {
    let (settings, rights) = (call.api().settings.clone(), call.caller.rights);
    call.read(move |account, tx| {
        let text = folded(request.text.trim());
        if text.is_empty() {
            return Ok(Response { result: Vec::new() });
        }
        let full = |short: &str| full_name(&settings, account, short);
        let mut kinds = Vec::new();
        for (kind, table) in allowed(&rights) {
            kinds.push(match table {
                Some(table) => search::find(account, tx, table, &text, MOST as i64)?.into_iter().map(|(begins, found)| (begins, hit(kind, found, full))).collect(),
                None => keys_with(account, tx, &text)?,
            });
        }
        Ok(Response { result: shared_out(kinds) })
    })
    .await
}

fn allowed(rights: &Rights) -> impl Iterator<Item = (ThingKind, Option<Table>)> {
    KINDS.into_iter().filter(|(_, method, _)| Catalogue::get().holds(rights, method)).map(|(kind, _, table)| (kind, table))
}

fn hit(kind: ThingKind, found: Found, full: impl Fn(&str) -> String) -> Hit {
    Hit {
        kind,
        id: ThingId::Number(found.id),
        name: if kind == ThingKind::Application { full(&found.name) } else { found.name },
        application_id: found.application_id,
        application_name: found.application_name.as_deref().map(full),
    }
}

/// Keys are few, and their names and descriptions have no folded columns.
fn keys_with(account: &Account, tx: &Tx, text: &str) -> Result<Vec<(bool, Hit)>> {
    let mut out = Vec::new();
    for key in keys::page(account, tx, Page::first(search::LOOKED_THROUGH))? {
        let told: Vec<String> = [key.key_name, key.description].into_iter().flatten().filter(|told| !told.trim().is_empty()).collect();
        let begins = key.id.starts_with(text) || told.iter().any(|told| folded(told).starts_with(text));
        if begins || told.iter().any(|told| folded(told).contains(text)) {
            let name = told.into_iter().next().unwrap_or_else(|| key.id.clone());
            out.push((begins, Hit { kind: ThingKind::Key, id: ThingId::Text(key.id), name, application_id: None, application_name: None }));
        }
    }
    out.sort_by_key(|(begins, _)| !begins);
    Ok(out)
}

/// One of each kind in turn until there are enough, then those with the text at the beginning first.
fn shared_out(kinds: Vec<Vec<(bool, Hit)>>) -> Vec<Hit> {
    let numbered = |(kind, hits): (usize, Vec<(bool, Hit)>)| hits.into_iter().enumerate().map(move |(turn, (begins, hit))| (turn, kind, begins, hit));
    let mut all: Vec<_> = kinds.into_iter().enumerate().flat_map(numbered).collect();
    all.sort_by_key(|(turn, kind, ..)| (*turn, *kind));
    all.truncate(MOST);
    all.sort_by_key(|(turn, kind, begins, _)| (!begins, *kind, *turn));
    all.into_iter().map(|(.., hit)| hit).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    fn told(answer: &Value) -> Vec<(String, String)> {
        let text = |hit: &Value, member: &str| hit[member].as_str().unwrap_or_default().to_owned();
        answer["result"].as_array().into_iter().flatten().map(|hit| (text(hit, "kind"), text(hit, "name"))).collect()
    }

    fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(kind, name)| ((*kind).to_owned(), (*name).to_owned())).collect()
    }

    /// One of each kind, with "zebra" in its name.
    async fn zebras(world: &World) -> String {
        let app = world.application("zebra-app").await;
        world.user(&app, "zebra-user").await;
        world.rule(&app, "The Zebra rule", ".*").await;
        world.scenario("Zebra script").await;
        world.ok(&world.owner, "CreateKey", &[("key_name", "zebra key"), ("role_name", "Support")]).await;
        world.add_subuser("zebrasub", &[]).await;
        world.child("zebra-child", "zebra@example.org").await;
        world.ok(&world.owner, "AddSecret", &[("application_id", app.as_str()), ("secret_name", "zebra_secret"), ("secret_value", "hidden zebra")]).await;
        app
    }

    #[on_both_databases]
    async fn every_kind_is_found_and_beginnings_come_first(world: World) {
        let app = zebras(&world).await;
        let seen = world.ok(&world.owner, "Search", &[("text", " ZEBRA ")]).await;
        let wanted = [
            ("application", "zebra-app.owner.cordboard.internal"),
            ("user", "zebra-user"),
            ("scenario", "Zebra script"),
            ("key", "zebra key"),
            ("subuser", "zebrasub"),
            ("account", "zebra-child"),
            ("secret", "zebra_secret"),
            ("rule", "The Zebra rule"),
        ];
        assert_eq!(told(&seen), owned(&wanted));
        assert_eq!((&seen["result"][1]["application_id"].to_string(), &seen["result"][1]["application_name"]), (&app, &json!("zebra-app.owner.cordboard.internal")));
        assert!(seen["result"][2].get("application_id").is_none());
        assert!(!seen.to_string().contains("hidden"));
        assert_eq!(told(&world.ok(&world.owner, "Search", &[("text", "bra-")]).await).len(), 3);
        assert_eq!(told(&world.ok(&world.owner, "Search", &[("text", "z%a")]).await), []);
        assert_eq!(world.ok(&world.owner, "Search", &[("text", "_secret")]).await["result"][0]["kind"], "secret");
    }

    #[on_both_databases]
    async fn an_id_finds_its_thing(world: World) {
        let app = world.application("shop").await;
        let params = [("application_id", app.as_str()), ("user_name", "alice"), ("user_display_name", "Ångström"), ("user_password", "Us3r-Passwort")];
        let user = world.ok(&world.owner, "AddUser", &params).await["user_id"].clone();
        let seen = world.ok(&world.owner, "Search", &[("text", &user.to_string())]).await;
        assert!(seen["result"].as_array().unwrap().iter().any(|hit| hit["kind"] == "user" && hit["id"] == user), "{seen}");
        assert_eq!(told(&world.ok(&world.owner, "Search", &[("text", "åNGS")]).await), owned(&[("user", "alice")]));
        let key = world.ok(&world.owner, "Search", &[("text", &world.owner.id()[..13])]).await;
        assert_eq!(key["result"], json!([{"kind": "key", "id": world.owner.id(), "name": "Owner"}]));
    }

    #[on_both_databases]
    async fn only_kinds_that_the_caller_may_list_are_found(world: World) {
        zebras(&world).await;
        let kinds = async |roles: &[&str]| {
            let seen = world.ok(&world.key(roles).await, "Search", &[("text", "zebra")]).await;
            told(&seen).into_iter().map(|(kind, _)| kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds(&[]).await, ["key"]);
        assert_eq!(kinds(&["User manager"]).await, ["application", "user", "key"]);
        assert!(!kinds(&["Viewer"]).await.contains(&"secret".to_owned()));
    }

    #[on_both_databases]
    async fn the_answer_is_shared_among_the_kinds_and_its_account_s_own(world: World) {
        let app = world.application("zebra").await;
        for number in 0..60 {
            world.rule(&app, &format!("zebra {number:02}"), ".*").await;
        }
        world.scenario("a zebra").await;
        let seen = told(&world.ok(&world.owner, "Search", &[("text", "zebra")]).await);
        let rules = seen.iter().filter(|(kind, _)| kind == "rule").count();
        assert_eq!((seen.len(), rules, seen[49].1.as_str()), (50, 48, "a zebra"));
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.ok(&world.owner.on(&child), "Search", &[("text", "zebra")]).await, json!({"result": []}));
        assert_eq!(world.ok(&world.owner.on(&child), "Search", &[("text", &app)]).await, json!({"result": []}));
        assert_eq!(world.refused(&world.owner, "Search", &[]).await, 134);
        assert_eq!(world.refused(&world.owner, "Search", &[("text", &"x".repeat(101))]).await, 101);
    }
}
