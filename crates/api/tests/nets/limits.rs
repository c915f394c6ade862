//! Four writers race for the last place of every limit: one gets it, the others hear the limit's code.

use cordboard_api::{Settings, testing::*};

/// Lets one more thing be made than there is, calls the method four times at once and wants one success.
async fn race(world: World, change: impl FnOnce(&mut Settings), method: &str, code: u64, params: impl Fn(usize) -> Vec<(&'static str, String)>) {
    let world = world.with(change).await;
    let calls = (0..4).map(|number| {
        let (world, params) = (&world, params(number));
        async move {
            let borrowed: Vec<(&str, &str)> = params.iter().map(|(name, value)| (*name, value.as_str())).collect();
            world.call(&world.owner, method, &borrowed).await
        }
    });
    let answers = futures_util::future::join_all(calls).await;
    let made = answers.iter().filter(|answer| answer.get("error").is_none()).count();
    let refused = answers.iter().filter(|answer| answer["error"]["code"] == code).count();
    assert_eq!((made, refused), (1, 3), "{method}: {answers:?}");
}

fn texts<const N: usize>(pairs: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    pairs.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

#[on_both_databases]
async fn the_last_application_is_made_once(world: World) {
    race(world, |settings| settings.limits.applications = 2, "AddApplication", 108, |n| texts([("application_name", &format!("shop-{n}"))])).await;
}

#[on_both_databases]
async fn the_last_user_is_made_once(world: World) {
    let shop = world.application("shop").await;
    let user = move |n| texts([("application_id", shop.as_str()), ("user_name", &format!("user-{n}")), ("user_display_name", "x"), ("user_password", "Us3r-Passwort")]);
    race(world, |settings| settings.limits.users = 1, "AddUser", 109, user).await;
}

#[on_both_databases]
async fn the_last_rule_is_made_once(world: World) {
    let shop = world.application("shop").await;
    let rule = move |n| texts([("application_id", shop.as_str()), ("rule_name", &format!("rule-{n}")), ("rule_pattern", ".*")]);
    race(world, |settings| settings.limits.rules = 1, "AddRule", 101, rule).await;
}

#[on_both_databases]
async fn the_last_scenario_is_made_once(world: World) {
    race(world, |settings| settings.limits.scenarios = 1, "AddScenario", 418, |n| texts([("scenario_name", &format!("scenario-{n}"))])).await;
}

#[on_both_databases]
async fn the_last_scenario_of_a_rule_is_bound_once(world: World) {
    let rule = world.rule(&world.application("shop").await, "all", ".*").await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(world.scenario(&format!("scenario-{n}")).await);
    }
    let bind = move |n: usize| texts([("rule_id", rule.as_str()), ("scenario_id", ids[n].as_str())]);
    race(world, |settings| settings.limits.rule_scenarios = 1, "BindScenario", 419, bind).await;
}

#[on_both_databases]
async fn the_last_key_is_made_once(world: World) {
    race(world, |settings| settings.limits.keys = 2, "CreateKey", 437, |_| Vec::new()).await;
}

#[on_both_databases]
async fn the_last_subuser_is_made_once(world: World) {
    let subuser = |n| texts([("new_subuser_name", &format!("alice{n}")), ("new_subuser_password", SUBUSER_PASSWORD)]);
    race(world, |settings| settings.limits.subusers = 1, "AddSubUser", 438, subuser).await;
}

#[on_both_databases]
async fn the_last_authorized_address_is_added_once(world: World) {
    let network = |n| texts([("authorized_ip", &format!("198.51.100.{n}")), ("allowed", "false")]);
    race(world, |settings| settings.limits.authorized_ips = 1, "AddAuthorizedAccountIP", 323, network).await;
}

#[on_both_databases]
async fn the_last_network_is_white_listed_once(world: World) {
    let network = |n| texts([("sip_whitelist_network", &format!("198.51.100.{n}"))]);
    race(world, |settings| settings.limits.sip_white_list = 1, "AddSipWhiteListItem", 172, network).await;
}

#[on_both_databases]
async fn the_last_child_account_is_made_once(world: World) {
    let child = |n| texts([("account_name", &format!("tenant-{n}")), ("account_email", &format!("t{n}@example.org")), ("account_password", CHILD_PASSWORD)]);
    race(world, |settings| settings.limits.child_accounts = 1, "AddAccount", 471, child).await;
}

#[on_both_databases]
async fn the_last_item_of_a_storage_is_made_once(world: World) {
    let shop = world.application("shop").await;
    let item = move |n| texts([("application_id", shop.as_str()), ("key", &format!("key:{n}")), ("value", "v")]);
    race(world, |settings| settings.limits.key_values = 1, "SetKeyValueItem", 101, item).await;
}

#[on_both_databases]
async fn the_last_secret_of_an_application_is_made_once(world: World) {
    let shop = world.application("shop").await;
    let secret = move |n| texts([("application_id", shop.as_str()), ("secret_name", &format!("secret_{n}")), ("secret_value", "v")]);
    race(world, |settings| settings.limits.secrets = 1, "AddSecret", 101, secret).await;
}

#[on_both_databases]
async fn one_secret_name_is_given_once(world: World) {
    let shop = world.application("shop").await;
    let secret = move |_| texts([("application_id", shop.as_str()), ("secret_name", "token"), ("secret_value", "v")]);
    race(world, |_| {}, "AddSecret", 101, secret).await;
}

#[on_both_databases]
async fn one_name_is_given_once(world: World) {
    race(world, |_| {}, "AddApplication", 129, |_| texts([("application_name", "shop")])).await;
}
