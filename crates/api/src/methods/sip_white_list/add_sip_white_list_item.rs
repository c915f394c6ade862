use crate::{methods::prelude::*, store::sip_white_list};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[codes::SIP_WHITELIST_FULL];

#[derive(Request)]
pub struct Request {
    /// An IPv4 address, or a network as `A.B.C.D/L` or `A.B.C.D/a.b.c.d`.
    #[param(code(SIP_WHITELIST_NETWORK))]
    pub sip_whitelist_network: String,
    /// A note.
    #[param(max_chars(1_000))]
    pub description: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// 1 on success.
    pub result: i64,
    pub sip_whitelist_id: i64,
}

/// Adds a network whose SIP calls to the account's applications need no password.
///
/// A listed network keeps its id and takes the new note.
#[method]
pub async fn add_sip_white_list_item(call: &Call, request: Request) -> Result<Response> {
    let network = super::network(&request.sip_whitelist_network)?;
    let most = call.api().settings.limits.sip_white_list;
    call.write(move |account, tx| {
        let sip_whitelist_id = sip_white_list::put(account, tx, &network, request.description.as_deref())?;
        if sip_white_list::count(account, tx)? > most {
            return Err(limit(codes::SIP_WHITELIST_FULL, "networks on the SIP white list", most, "limits.sip_white_list").into());
        }
        Ok(Response { result: 1, sip_whitelist_id })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn calls_from_a_listed_network_need_no_password(world: World) {
        let listed = async |ip: &str| world.api.sip_listed("demo.owner", ip.parse().unwrap()).await.unwrap().unwrap().1;
        assert!(!listed("192.0.2.7").await);
        world.ok(&world.owner, "AddSipWhiteListItem", &[("sip_whitelist_network", "192.0.2.9/255.255.255.0"), ("description", "office")]).await;
        world.ok(&world.owner, "AddSipWhiteListItem", &[("sip_whitelist_network", "203.0.113.5")]).await;
        for (ip, wanted) in [("192.0.2.7", true), ("::ffff:192.0.2.7", true), ("192.0.3.7", false), ("203.0.113.5", true), ("203.0.113.4", false), ("2001:db8::1", false)]
        {
            assert_eq!(listed(ip).await, wanted, "{ip}");
        }
        world.child("kiddo", "kid@example.org").await;
        let kid = world.api.sip_application("shop.kiddo").await.unwrap();
        assert!(kid.is_none());
    }

    #[on_both_databases]
    async fn networks_are_normalised_limited_and_checked(world: World) {
        let world = world.with(|settings| settings.limits.sip_white_list = 1).await;
        let add = async |network: &str| world.call(&world.owner, "AddSipWhiteListItem", &[("sip_whitelist_network", network)]).await;
        let first = add("192.0.2.9/24").await["sip_whitelist_id"].clone();
        assert_eq!(add("192.0.2.0/255.255.255.0").await["sip_whitelist_id"], first);
        assert_eq!(add("192.0.2.1").await["error"]["code"], 172);
        for wrong in ["nowhere", "192.0.2.0/33", "2001:db8::/32"] {
            assert_eq!(add(wrong).await["error"]["code"], 170, "{wrong}");
        }
        assert_eq!(world.refused(&world.key(&["Support"]).await, "AddSipWhiteListItem", &[("sip_whitelist_network", "192.0.2.1")]).await, 104);
    }
}
