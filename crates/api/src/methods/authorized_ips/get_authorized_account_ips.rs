use crate::{auth::Network, methods::prelude::*, store::authorized_ips};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Only this network.
    #[param(code(AUTHORIZED_IP))]
    pub authorized_ip: Option<String>,
    /// Only allowed, or only forbidden ones.
    pub allowed: Option<bool>,
    /// Only networks that hold this address.
    #[param(code(CONTAINS_IP))]
    pub contains_ip: Option<String>,
    /// Page.
    pub page: Page,
    /// Part of the note.
    pub description: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<AuthorizedAccountIp>,
    pub total_count: usize,
    pub count: usize,
}

#[derive(Serialize, JsonSchema)]
pub struct AuthorizedAccountIp {
    pub authorized_ip: String,
    pub allowed: bool,
    pub created: Utc,
}

/// Lists the account's allowed and forbidden networks.
#[method(name = "GetAuthorizedAccountIPs")]
pub async fn get_authorized_account_ips(call: &Call, request: Request) -> Result<Response> {
    let exactly = request.authorized_ip.as_deref().map(|text| super::network(codes::AUTHORIZED_IP, "authorized_ip", text)).transpose()?;
    let holding = request.contains_ip.as_deref().map(|text| super::network(codes::CONTAINS_IP, "contains_ip", text)).transpose()?;
    let entries = call.read(move |account, tx| Ok(authorized_ips::list(account, tx, request.allowed, request.description.as_deref())?)).await?;
    let wanted = |entry: &authorized_ips::Entry| {
        exactly.is_none_or(|network| network.text() == entry.network)
            && holding.is_none_or(|address| Network::parse(&entry.network).is_ok_and(|network| network.contains(address)))
    };
    let matching: Vec<_> = entries.into_iter().filter(wanted).collect();
    let total_count = matching.len();
    let (skip, take) = (usize::try_from(request.page.offset).unwrap_or(usize::MAX), usize::try_from(request.page.count).unwrap_or(0));
    let view = |entry: authorized_ips::Entry| AuthorizedAccountIp { authorized_ip: entry.network, allowed: entry.allowed, created: entry.created_at };
    let result: Vec<_> = matching.into_iter().skip(skip).take(take).map(view).collect();
    Ok(Response { total_count, count: result.len(), result })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_lists_are_filtered(world: World) {
        for (network, allowed, note) in [("192.0.2.0/24", "true", "Office"), ("203.0.113.0/24", "false", "Spam")] {
            world.ok(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", network), ("allowed", allowed), ("description", note)]).await;
        }
        let all = world.ok(&world.owner, "GetAuthorizedAccountIPs", &[]).await;
        assert_eq!(all["result"][0], json!({"authorized_ip": "192.0.2.0/24", "allowed": true, "created": "2026-01-01 12:00:00"}));
        for filter in [("allowed", "false"), ("contains_ip", "203.0.113.9"), ("description", "spam"), ("authorized_ip", "203.0.113.5/24")] {
            let found = world.ok(&world.owner, "GetAuthorizedAccountIPs", &[filter]).await;
            assert_eq!((found["total_count"].as_i64(), &found["result"][0]["authorized_ip"]), (Some(1), &json!("203.0.113.0/24")), "{filter:?}");
        }
        assert_eq!(world.ok(&world.owner, "GetAuthorizedAccountIPs", &[("offset", "1")]).await["count"], 1);
        assert_eq!(world.refused(&world.owner, "GetAuthorizedAccountIPs", &[("contains_ip", "x")]).await, 322);
    }
}
