//! A thing of another account is not found: never forbidden, never shown, never changed (DESIGN §1).

use cordboard_api::{
    registry::{Access, Catalogue, Credentials, Kind, Method},
    testing::*,
    wire::{Field, Params},
};

use crate::things::{Beside, Things, plausible, state};

/// In the names of everything that the other account has.
const FOREIGN: &str = "zebra";

/// The sibling accounts, one with things of its own, and the credentials of the calling one.
struct Accounts {
    foreign: Things,
    own: Things,
    callers: Vec<Who>,
}

async fn accounts(world: &World) -> Accounts {
    let mut foreign = Things::make(world, &world.owner, FOREIGN).await;
    foreign.child = Some(world.child("zebra-child", "zebra@example.org").await);
    let panel = world.panel(&world.password()).await;
    foreign.panel_session = Some(world.ok(&panel, "GetPanelSession", &[]).await["result"]["panel_session_id"].to_string());
    world.child("tenant-b", "b@example.org").await;
    let credentials = |secret: &str, value: &str| Who::Older(vec![("account_name".to_owned(), "tenant-b".to_owned()), (secret.to_owned(), value.to_owned())]);
    let password = credentials("account_password", CHILD_PASSWORD);
    let own = Things::make(world, &password, "okapi").await;
    let key = world.key_from(&world.ok(&password, "CreateKey", &[("role_name", "Owner")]).await["result"]);
    let api_key = world.ok(&password, "GetAccountInfo", &[]).await["result"]["api_key"].as_str().unwrap().to_owned();
    let panel = world.panel(&password).await;
    Accounts { foreign, own, callers: vec![key, credentials("api_key", &api_key), panel] }
}

fn may_call(method: &Method, who: &Who) -> bool {
    match who {
        Who::Key { .. } => method.access.is_for_keys(),
        Who::Older(_) => method.credentials == Credentials::Own && (method.access.is_for_keys() || method.access == Access::OlderCredentials),
        Who::Panel(_) => method.access.is_for_keys() || method.access.is_for_panel_sessions(),
        Who::Nobody => false,
    }
}

/// Why an answer is not the one that an unknown thing gets; nothing when it is.
fn complaint(method: &Method, field: &Field, beside: Beside, answer: &Value) -> Option<String> {
    let by_name = !matches!(field.kind, "int" | "intlist") && field.of.is_some();
    if !by_name && answer.to_string().contains(FOREIGN) {
        return Some("shows the other account's data".to_owned());
    }
    let Some(code) = answer["error"]["code"].as_u64() else {
        let empty = answer["result"].as_array().is_some_and(Vec::is_empty);
        return (method.kind != Kind::Read || !empty).then(|| "is not refused".to_owned());
    };
    // A name may need another parameter to be looked up in; with every thing beside it, it has that.
    let asks_for_more = code == 134 && beside == Beside::Required;
    (code != u64::from(field.code.0) && !asks_for_more).then(|| format!("is refused with {code}, not {}", field.code.0))
}

#[on_both_databases]
async fn another_account_s_things_are_not_found(world: World) {
    let accounts = accounts(&world).await;
    let before = state(&world, &world.owner).await;
    assert!(before.iter().filter(|text| text.contains(FOREIGN)).count() >= 5, "{before:#?}");
    let (mut calls, mut wrong) = (0, Vec::new());
    for method in Catalogue::get().real() {
        for field in (method.fields)() {
            let Some(foreign) = accounts.foreign.named_by(&field) else { continue };
            for who in accounts.callers.iter().filter(|who| may_call(method, who)) {
                for beside in [Beside::Required, Beside::EveryThing] {
                    calls += 1;
                    let mut request = plausible(method, &field, &accounts.own, beside, calls);
                    request.push((field.name, foreign.clone()));
                    let pairs: Vec<(&str, &str)> = request.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    let parsed = (method.check)(&Params::from_pairs(pairs.clone()));
                    assert!(parsed.is_ok(), "{} {pairs:?} is refused before anything is looked up: {parsed:?}", method.name);
                    let answer = world.call(who, method.name, &pairs).await;
                    wrong.extend(complaint(method, &field, beside, &answer).map(|why| format!("{} {pairs:?}: {} {why}: {answer}", method.name, field.name)));
                }
            }
        }
    }
    assert!(calls > 100, "only {calls} calls");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(state(&world, &world.owner).await, before);
}

#[on_both_databases]
async fn a_parent_s_things_are_not_found_through_an_account_id(world: World) {
    let accounts = accounts(&world).await;
    let parent = world.account_id();
    for who in &accounts.callers {
        let answer = world.call(&who.on(&parent), "GetKeys", &[]).await;
        let refused = matches!(who, Who::Key { .. });
        assert_eq!(answer["error"]["code"] == 100, refused, "{answer}");
        assert!(!answer.to_string().contains(accounts.foreign.key.as_str()), "{answer}");
    }
    let beside = world.call(&accounts.callers[0], "GetKeys", &[("account_id", parent.as_str())]).await;
    assert_eq!(beside["error"]["code"], 100);
}
