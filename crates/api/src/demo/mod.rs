//! The example application of a first start: an echo, a menu of keys, and a call from one person to another.

use crate::{
    caller::Account,
    error::Result,
    password,
    secrets::{self, Purpose, Secrets},
    store::{db::Tx, rules, scenarios, users},
    wire::Utc,
};

/// The application's short name.
pub const NAME: &str = "demo";

/// Users, by login and display name. Nobody knows their passwords: browsers call with credentials made on demand.
const USERS: [(&str, &str); 2] = [("blue", "Blue"), ("green", "Green")];

/// Rules in their order, each with its pattern and its scenario of the same name. The last takes the names of users, those that are made
/// later, too.
const RULES: [(&str, &str, &str); 3] =
    [("echo", "echo|600", include_str!("echo.js")), ("menu", "menu|700", include_str!("menu.js")), ("bridge", "[a-z].*", include_str!("bridge.js"))];

/// What is made before the transaction.
#[derive(Clone)]
pub struct Demo {
    /// The sealed digests of the users' passwords, in order.
    digests: Vec<Vec<u8>>,
}

impl Demo {
    pub fn draw(secrets: &Secrets) -> Result<Self> {
        let draw = |(name, _): &(&str, &str)| secrets.encrypt(Purpose::UserDigests, password::digests(name, &secrets::token()?).as_bytes());
        Ok(Self { digests: USERS.iter().map(draw).collect::<Result<_>>()? })
    }

    /// Fills an application that has nothing yet.
    pub fn fill(&self, account: &Account, tx: &Tx, application_id: i64, now: Utc) -> Result<()> {
        for ((name, display_name), digests_encrypted) in USERS.iter().zip(&self.digests) {
            let new = users::New {
                application_id,
                name: (*name).to_owned(),
                display_name: (*display_name).to_owned(),
                digests_encrypted: digests_encrypted.clone(),
                active: true,
                parent_accounting: true,
                custom_data: None,
                mobile_phone: None,
            };
            users::insert(account, tx, &new, now)?;
        }
        for (name, pattern, script) in RULES {
            let scenario_id = scenarios::insert(account, tx, Some(application_id), name, script, "Cordboard", now)?;
            let new =
                rules::New { application_id, name: name.to_owned(), pattern: pattern.to_owned(), pattern_exclude: None, video_conference: false, bind_key_id: None };
            let rule_id = rules::insert(account, tx, &new, now)?;
            rules::set_scenarios(account, tx, rule_id, &[scenario_id])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        calls::{By, Routing},
        store::db::Lock,
        testing::*,
    };

    #[on_both_databases]
    async fn the_example_takes_calls_to_an_echo_a_menu_and_its_users(world: World) {
        let shop = world.application("shop").await;
        let application = world.api.sip_application("shop.owner").await.unwrap().unwrap();
        let (demo, of, now) = (Demo::draw(&world.api.secrets).unwrap(), application.clone(), world.now());
        world.api.db.write(Lock::None, move |tx| demo.fill(&of.account, tx, of.id, now)).await.unwrap();
        for (destination, scenario) in [("echo", "echo"), ("600", "echo"), ("menu", "menu"), ("blue", "bridge"), ("green", "bridge"), ("alice", "bridge")] {
            let routed = world.api.route(&application, None, destination, By::Patterns).await.unwrap();
            assert!(matches!(&routed, Routing::Routed(plan) if plan.scenarios[0].0 == scenario), "{destination}: {routed:?}");
        }
        assert!(matches!(world.api.route(&application, None, "+15550100", By::Patterns).await.unwrap(), Routing::NotRouted(_)));
        let blue = world.api.sip_user("shop.owner", "blue").await.unwrap().unwrap();
        let green = world.api.sip_user("shop.owner", "green").await.unwrap().unwrap();
        assert_ne!(blue.digests.md5, green.digests.md5);
        let seen = world.ok(&world.owner, "GetScenarios", &[("application_id", shop.as_str())]).await;
        assert_eq!(seen["total_count"], 3);
    }
}
