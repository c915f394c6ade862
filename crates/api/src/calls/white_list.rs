use std::net::IpAddr;

use ipnet::Ipv4Net;

use super::{
    SipApplication,
    application::{LONGEST_DOMAIN, labels},
};
use crate::{
    Api,
    auth::Network,
    caller::Account,
    error::Result,
    store::{accounts, applications::Application, sip_white_list},
    things::Thing,
};

/// The networks that an address may be listed as. The lists hold IPv4 alone.
fn networks(ip: IpAddr) -> Vec<String> {
    let IpAddr::V4(v4) = ip.to_canonical() else { return Vec::new() };
    (0..=32).filter_map(|length| Ipv4Net::new(v4, length).ok()).map(|network| Network(network.trunc()).text()).collect()
}

impl Api {
    /// The application that a stranger's request names (`sip_application`), and whether its account's white list holds the stranger's
    /// address, so that its calls need no password. One that is not there takes the same statements, so that strangers cannot tell. At
    /// most 33 seeks in an index, however long the list; nothing is cached.
    pub async fn sip_listed(&self, domain: &str, ip: IpAddr) -> Result<Option<(SipApplication, bool)>> {
        let Some((application, account)) = labels(domain).filter(|_| domain.len() <= LONGEST_DOMAIN) else { return Ok(None) };
        let networks = networks(ip);
        let found = self.db.read(move |tx| {
            let (tenant, stand_in) = (accounts::tenant_by_name(tx, &account)?, accounts::first_tenant(tx)?);
            let is_there = tenant.is_some();
            let Some(tenant) = tenant.or(stand_in) else { return Ok(None) };
            let account = Account::authenticated(tenant);
            let application = Application::by_name(&account, tx, (), &application)?;
            let listed = sip_white_list::holds_one_of(&account, tx, &networks)?;
            let reached = application.filter(|_| is_there && account.may_call());
            Ok(reached.map(|application| (account, application, listed)))
        });
        Ok(found.await?.map(|(account, application, listed)| (self.named((account, application)), listed)))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_stranger_is_listed_where_the_application_is_there(world: World) {
        world.application("shop").await;
        world.ok(&world.owner, "AddSipWhiteListItem", &[("sip_whitelist_network", "192.0.2.0/24")]).await;
        let child = world.child("kiddo", "kid@example.org").await;
        world.ok(&world.owner.on(&child), "AddApplication", &[("application_name", "bank")]).await;
        let listed = async |domain: &str, ip: &str| {
            let found = world.api.sip_listed(domain, ip.parse().unwrap()).await.unwrap();
            found.map(|(application, listed)| (application.name, listed))
        };
        let shop = || "shop.owner.cordboard.internal".to_owned();
        assert_eq!(listed("Shop.owner", "192.0.2.9").await, Some((shop(), true)));
        assert_eq!(listed("shop.owner", "::ffff:192.0.2.9").await, Some((shop(), true)));
        for ip in ["198.51.100.9", "2001:db8::1"] {
            assert_eq!(listed("shop.owner.example", ip).await, Some((shop(), false)), "{ip}");
        }
        assert_eq!(listed("bank.kiddo", "192.0.2.9").await, Some(("bank.kiddo.cordboard.internal".to_owned(), false)), "another account's list");
        for domain in ["bank.owner", "shop.kiddo", "shop.nobody", "shop", "", &"x.y".repeat(1_000)] {
            assert_eq!(listed(domain, "192.0.2.9").await, None, "{domain}");
        }
        world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_id", child.as_str()), ("active", "false")]).await;
        assert_eq!(listed("bank.kiddo", "192.0.2.9").await, None);
    }
}
