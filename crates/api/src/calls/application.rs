use crate::{
    Api,
    caller::Account,
    error::Result,
    methods::applications::full_name,
    store::{accounts, applications::Application, db::Tx},
    things::Thing,
};

/// An application that calls may reach, of an account that is active and not frozen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SipApplication {
    pub account: Account,
    pub id: i64,
    /// `<short>.<account>.<domain>`.
    pub name: String,
    pub short_name: String,
}

/// Application and account of a SIP domain, in lower case: `application.account[.anything]`. What follows is not compared.
pub(super) fn labels(domain: &str) -> Option<(String, String)> {
    let mut labels = domain.splitn(3, '.').map(str::to_ascii_lowercase);
    let (application, account) = (labels.next()?, labels.next()?);
    (!application.is_empty() && !account.is_empty()).then_some((application, account))
}

/// Bytes of a host name at most. RFC 1035 §2.3.4.
pub(super) const LONGEST_DOMAIN: usize = 255;

impl Api {
    /// The application that a request names by the domain of its URI, `application.account[.anything]`. `None` when there is
    /// none, or its account is inactive or frozen. One read, nothing is cached.
    pub async fn sip_application(&self, domain: &str) -> Result<Option<SipApplication>> {
        let Some((application, account)) = labels(domain).filter(|_| domain.len() <= LONGEST_DOMAIN) else { return Ok(None) };
        let found = self.db.read(move |tx| match accounts::tenant_by_name(tx, &account)? {
            Some(tenant) => reachable(tx, Account::authenticated(tenant), &application),
            None => Ok(None),
        });
        Ok(found.await?.map(|found| self.named(found)))
    }

    /// The application that the operator's configuration names: `application.account[.anything]`, or a short name, which is one
    /// of the first account.
    pub async fn configured_application(&self, name: &str) -> Result<Option<SipApplication>> {
        if name.contains('.') {
            return self.sip_application(name).await;
        }
        let short = name.to_ascii_lowercase();
        let found = self.db.read(move |tx| match accounts::first_tenant(tx)? {
            Some(tenant) => reachable(tx, Account::authenticated(tenant), &short),
            None => Ok(None),
        });
        Ok(found.await?.map(|found| self.named(found)))
    }

    /// The id of the first account, which the operator's configuration means where it names none; 0 before there is one.
    pub async fn first_account(&self) -> Result<i64> {
        let first = self.db.read(|tx| Ok(accounts::first_tenant(tx)?)).await?;
        Ok(first.map(|tenant| tenant.id).unwrap_or_default())
    }

    pub(super) fn named(&self, (account, application): (Account, Application)) -> SipApplication {
        SipApplication { id: application.id, name: full_name(&self.settings, &account, &application.name), short_name: application.name, account }
    }
}

fn reachable(tx: &Tx, account: Account, short: &str) -> Result<Option<(Account, Application)>> {
    if !account.may_call() {
        return Ok(None);
    }
    Ok(Application::by_name(&account, tx, (), short)?.map(|application| (account, application)))
}

#[cfg(test)]
mod tests {
    use cordboard_derive::sql;

    use super::*;
    use crate::{bind, store::db::Lock, testing::*};

    #[test]
    fn a_domain_begins_with_application_and_account() {
        let pair = |application: &str, account: &str| Some((application.to_owned(), account.to_owned()));
        assert_eq!(labels("Demo.Owner"), pair("demo", "owner"));
        assert_eq!(labels("demo.owner.voximplant.com"), pair("demo", "owner"));
        for text in ["", "demo", ".owner", "demo.", "demo..x"] {
            assert_eq!(labels(text), None, "{text}");
        }
    }

    #[on_both_databases]
    async fn an_application_is_found_by_its_domain(world: World) {
        world.application("shop").await;
        let found = world.api.sip_application("SHOP.owner.example.org").await.unwrap().unwrap();
        assert_eq!((found.name.as_str(), found.short_name.as_str(), found.account.name()), ("shop.owner.cordboard.internal", "shop", "owner"));
        for domain in ["shop", "shop.nobody", "other.owner", "", &"x".repeat(1_000)] {
            assert_eq!(world.api.sip_application(domain).await.unwrap(), None, "{domain}");
        }
        assert_eq!(world.api.configured_application("shop").await.unwrap(), Some(found.clone()));
        assert_eq!(world.api.configured_application("shop.owner").await.unwrap(), Some(found));
        assert_eq!(world.api.configured_application("other").await.unwrap(), None);
    }

    #[on_both_databases]
    async fn an_application_of_an_inactive_or_frozen_account_is_not_reached(world: World) {
        let child = world.child("kiddo", "kid@example.org").await;
        world.ok(&world.owner.on(&child), "AddApplication", &[("application_name", "shop")]).await;
        assert!(world.api.sip_application("shop.kiddo").await.unwrap().is_some());
        let frozen = async |to: bool| {
            let write = world.api.db.write(Lock::None, move |tx| Ok(tx.execute(sql!("UPDATE accounts SET frozen = ?1 WHERE name = 'kiddo'"), bind![to])?));
            assert_eq!(write.await.unwrap(), 1);
        };
        frozen(true).await;
        assert_eq!(world.api.sip_application("shop.kiddo").await.unwrap(), None);
        frozen(false).await;
        let active = async |to: &str| world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_id", child.as_str()), ("active", to)]).await;
        active("false").await;
        assert_eq!(world.api.sip_application("shop.kiddo").await.unwrap(), None);
        active("true").await;
        assert!(world.api.sip_application("shop.kiddo").await.unwrap().is_some());
    }
}
