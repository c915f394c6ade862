use crate::{auth::network_verdict, methods::prelude::*, store::authorized_ips};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// An IPv4 address or network.
    #[param(code(AUTHORIZED_IP))]
    pub authorized_ip: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// Whether calls from there are accepted.
    pub result: bool,
    /// The listed network that decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorized_ip: Option<String>,
}

/// Tells whether an address or network may call for the account.
#[method(name = "CheckAuthorizedAccountIP")]
pub async fn check_authorized_account_ip(call: &Call, request: Request) -> Result<Response> {
    let network = super::network(codes::AUTHORIZED_IP, "authorized_ip", &request.authorized_ip)?;
    let entries = call.read(|account, tx| Ok(authorized_ips::list(account, tx, None, None)?)).await?;
    let (result, entry) = network_verdict(&entries, Some(network));
    Ok(Response { result, authorized_ip: entry.map(|entry| entry.network.clone()) })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_deciding_network_is_named(world: World) {
        let check = async |ip: &str| world.ok(&world.owner, "CheckAuthorizedAccountIP", &[("authorized_ip", ip)]).await;
        assert_eq!(check("203.0.113.1").await, json!({"result": true}));
        for (network, allowed) in [("192.0.0.0/16", "true"), ("192.0.3.0/24", "false")] {
            world.ok(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", network), ("allowed", allowed)]).await;
        }
        assert_eq!(check("192.0.2.0/24").await, json!({"result": true, "authorized_ip": "192.0.0.0/16"}));
        assert_eq!(check("192.0.3.9").await, json!({"result": false, "authorized_ip": "192.0.3.0/24"}));
        assert_eq!(check("203.0.113.1").await, json!({"result": false}));
        assert_eq!(world.refused(&world.owner, "CheckAuthorizedAccountIP", &[("authorized_ip", "::1")]).await, 320);
    }
}
