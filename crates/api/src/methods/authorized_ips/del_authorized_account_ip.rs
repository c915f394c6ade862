use crate::{auth::Network, methods::prelude::*, store::authorized_ips};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The network to remove, or `all`. One of this and `contains_ip` is required.
    #[param(code(AUTHORIZED_IP), all)]
    pub authorized_ip: Option<String>,
    /// Removes every network that holds this address.
    #[param(code(CONTAINS_IP))]
    pub contains_ip: Option<String>,
    /// Only from the list of allowed, or only from that of forbidden addresses.
    pub allowed: Option<bool>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// How many networks were removed.
    pub result: i64,
}

/// Removes networks from the account's lists.
#[method(name = "DelAuthorizedAccountIP")]
pub async fn del_authorized_account_ip(call: &Call, request: Request) -> Result<Response> {
    let wanted = match (request.authorized_ip.as_deref(), request.contains_ip.as_deref()) {
        (Some(text), _) if text.trim().eq_ignore_ascii_case("all") => Wanted::All,
        (Some(text), _) => Wanted::Exactly(super::network(codes::AUTHORIZED_IP, "authorized_ip", text)?),
        (None, Some(text)) => Wanted::Holding(super::network(codes::CONTAINS_IP, "contains_ip", text)?),
        (None, None) => return Err(Error::field(codes::REQUIRED, "authorized_ip", "One of 'authorized_ip' and 'contains_ip' is required.").into()),
    };
    call.write(move |account, tx| {
        let mut result = 0;
        for entry in authorized_ips::list(account, tx, request.allowed, None)? {
            if wanted.matches(&entry.network) {
                authorized_ips::delete(account, tx, entry.id)?;
                result += 1;
            }
        }
        Ok(Response { result })
    })
    .await
}

enum Wanted {
    All,
    Exactly(Network),
    Holding(Network),
}

impl Wanted {
    fn matches(&self, network: &str) -> bool {
        match self {
            Self::All => true,
            Self::Exactly(wanted) => wanted.text() == network,
            Self::Holding(address) => Network::parse(network).is_ok_and(|network| network.contains(*address)),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_number_of_removed_networks_is_answered(world: World) {
        for (network, allowed) in [("192.0.2.0/24", "true"), ("192.0.0.0/16", "true"), ("203.0.113.0/24", "false")] {
            world.ok(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", network), ("allowed", allowed)]).await;
        }
        assert_eq!(world.ok(&world.owner, "DelAuthorizedAccountIP", &[("authorized_ip", "10.0.0.0/8")]).await, json!({"result": 0}));
        assert_eq!(world.ok(&world.owner, "DelAuthorizedAccountIP", &[("contains_ip", "192.0.9.9")]).await, json!({"result": 1}));
        assert_eq!(world.ok(&world.owner, "DelAuthorizedAccountIP", &[("authorized_ip", "all"), ("allowed", "false")]).await, json!({"result": 1}));
        assert_eq!(world.ok(&world.owner, "DelAuthorizedAccountIP", &[("authorized_ip", "all")]).await, json!({"result": 1}));
    }

    #[on_both_databases]
    async fn what_to_remove_must_be_said(world: World) {
        assert_eq!(world.refused(&world.owner, "DelAuthorizedAccountIP", &[]).await, 134);
        assert_eq!(world.refused(&world.owner, "DelAuthorizedAccountIP", &[("authorized_ip", "x")]).await, 320);
        assert_eq!(world.refused(&world.owner, "DelAuthorizedAccountIP", &[("contains_ip", "x")]).await, 322);
    }
}
