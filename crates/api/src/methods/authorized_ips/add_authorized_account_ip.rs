use crate::{methods::prelude::*, store::authorized_ips};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::AUTHORIZED_IP_LIMIT];

#[derive(Request)]
pub struct Request {
    /// An IPv4 address, or a network as `A.B.C.D/L` or `A.B.C.D/a.b.c.d`.
    #[param(code(AUTHORIZED_IP))]
    pub authorized_ip: String,
    /// `true` allows, `false` forbids.
    #[param(default("true"))]
    pub allowed: bool,
    /// A note.
    #[param(max_chars(1_000))]
    pub description: Option<String>,
}

pub type Response = Done;

/// Adds a network to the account's list of allowed or of forbidden addresses; a listed one moves to the other list.
///
/// As soon as one network is allowed, calls from everywhere else are refused with 100.
#[method(name = "AddAuthorizedAccountIP")]
pub async fn add_authorized_account_ip(call: &Call, request: Request) -> Result<Response> {
    let network = super::network(codes::AUTHORIZED_IP, "authorized_ip", &request.authorized_ip)?.text();
    let (most, now) = (call.api().settings.limits.authorized_ips, call.now);
    call.write(move |account, tx| {
        authorized_ips::put(account, tx, &network, request.allowed, request.description.as_deref(), now)?;
        if authorized_ips::count(account, tx)? > most {
            return Err(limit(codes::AUTHORIZED_IP_LIMIT, "authorized addresses", most, "limits.authorized_ips").into());
        }
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn one_allowed_network_closes_the_rest(world: World) {
        world.ok(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", "192.0.2.0/24"), ("description", "office")]).await;
        world.ok(&world.owner, "GetKeys", &[]).await;
        let elsewhere = world.from_ip("198.51.100.7");
        assert_eq!(elsewhere.refused(&world.owner, "GetKeys", &[]).await, 100);
        assert_eq!(elsewhere.refused(&world.password(), "GetKeys", &[]).await, 100);
        let off = elsewhere.with(|settings| settings.enforce_authorized_ips = false).await;
        off.ok(&world.owner, "GetKeys", &[]).await;
    }

    #[on_both_databases]
    async fn a_forbidden_address_is_refused_alone(world: World) {
        world.ok(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", "198.51.100.7"), ("allowed", "false")]).await;
        assert_eq!(world.from_ip("198.51.100.7").refused(&world.owner, "GetKeys", &[]).await, 100);
        world.from_ip("198.51.100.8").ok(&world.owner, "GetKeys", &[]).await;
    }

    #[on_both_databases]
    async fn networks_are_normalised_limited_and_checked(world: World) {
        let world = world.with(|settings| settings.limits.authorized_ips = 1).await;
        world.ok(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", "192.0.2.9/255.255.255.0")]).await;
        world.ok(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", "192.0.2.0/24")]).await;
        assert_eq!(world.refused(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", "192.0.2.1")]).await, 323);
        assert_eq!(world.refused(&world.owner, "AddAuthorizedAccountIP", &[("authorized_ip", "not an address")]).await, 320);
        assert_eq!(world.refused(&world.key(&["Support"]).await, "AddAuthorizedAccountIP", &[("authorized_ip", "192.0.2.1")]).await, 104);
    }
}
