//! Users that must prove themselves again: after a new password or name, or because they, their application or their account are gone
//! or closed. What this node let in for them before ends at once; the others' registrations end with their time, an hour at most.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::Api;

/// Facts that wait for the calls; beyond it those of one account become one of the whole account, so that none is lost.
const WAITING: usize = 10_000;

/// Whose registrations and connections are no longer good.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Revoked {
    /// `name` is the one that it was registered under.
    User { account_id: i64, application_id: i64, user_id: i64, name: String },
    /// All users of the application.
    Application { account_id: i64, application_id: i64 },
    /// All users of the account's applications.
    Account { account_id: i64 },
}

impl Revoked {
    fn account_id(&self) -> i64 {
        match self {
            Self::User { account_id, .. } | Self::Application { account_id, .. } | Self::Account { account_id } => *account_id,
        }
    }
}

#[derive(Default)]
pub(crate) struct Revocations {
    waiting: Mutex<BTreeSet<Revoked>>,
    arrived: Notify,
}

impl Revocations {
    fn waiting(&self) -> MutexGuard<'_, BTreeSet<Revoked>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Called after the commit.
    pub(crate) fn add(&self, revoked: Vec<Revoked>) {
        if revoked.is_empty() {
            return;
        }
        let mut waiting = self.waiting();
        waiting.extend(revoked);
        if waiting.len() > WAITING {
            *waiting = waiting.iter().map(|one| Revoked::Account { account_id: one.account_id() }).collect();
        }
        drop(waiting);
        self.arrived.notify_one();
    }
}

impl Api {
    /// Waits for users that must prove themselves again, once their change is durable. For one listener.
    pub async fn revoked(&self) -> BTreeSet<Revoked> {
        loop {
            let waiting = std::mem::take(&mut *self.revocations.waiting());
            if !waiting.is_empty() {
                return waiting;
            }
            self.revocations.arrived.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn heard(world: &World) -> Vec<Revoked> {
        std::mem::take(&mut *world.api.revocations.waiting()).into_iter().collect()
    }

    #[on_both_databases]
    async fn what_ends_the_trust_in_a_user_is_told_and_nothing_else(world: World) {
        let shop = world.application("shop").await;
        let alice = world.user(&shop, "alice").await;
        let (application_id, user_id) = (shop.parse().unwrap(), alice.parse().unwrap());
        let set = async |change: (&str, &str)| world.ok(&world.owner, "SetUserInfo", &[("user_id", alice.as_str()), change]).await;
        let account_id = world.api.sip_user("shop.owner", "alice").await.unwrap().unwrap().account.id();
        let user = |name: &str| vec![Revoked::User { account_id, application_id, user_id, name: name.to_owned() }];
        for change in [("user_display_name", "Alice A."), ("user_active", "true"), ("user_custom_data", "x"), ("new_user_name", "alice")] {
            set(change).await;
            assert_eq!(heard(&world), [], "{change:?}");
        }
        world.refused(&world.owner, "SetUserInfo", &[("user_id", alice.as_str()), ("user_password", "weak")]).await;
        assert_eq!(heard(&world), []);
        for change in [("user_password", "An0ther-Word"), ("new_user_name", "carol"), ("user_active", "false")] {
            let name = if change.0 == "user_active" { "carol" } else { "alice" };
            set(change).await;
            assert_eq!(heard(&world), user(name), "{change:?}");
        }
        world.ok(&world.owner, "DelUser", &[("user_id", &alice)]).await;
        assert_eq!(heard(&world), user("carol"));
        world.ok(&world.owner, "DelApplication", &[("application_id", &shop)]).await;
        assert_eq!(heard(&world), [Revoked::Application { account_id, application_id }]);
        let child = world.child("kiddo", "kid@example.org").await;
        for (active, told) in [("true", vec![]), ("false", vec![Revoked::Account { account_id: child.parse().unwrap() }])] {
            world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_id", child.as_str()), ("active", active)]).await;
            assert_eq!(heard(&world), told);
        }
    }

    #[test]
    fn too_many_users_become_their_accounts() {
        let revocations = Revocations::default();
        let user = |user_id: i64| Revoked::User { account_id: user_id % 3, application_id: 1, user_id, name: String::new() };
        revocations.add((0..10_001).map(user).collect());
        assert_eq!(revocations.waiting().iter().cloned().collect::<Vec<_>>(), [0, 1, 2].map(|account_id| Revoked::Account { account_id }));
    }
}
