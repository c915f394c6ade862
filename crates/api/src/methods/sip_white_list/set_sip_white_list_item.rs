use crate::{methods::prelude::*, store::sip_white_list};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The item to change.
    #[param(code(SIP_WHITELIST_ID))]
    pub sip_whitelist_id: i64,
    /// An IPv4 address, or a network as `A.B.C.D/L` or `A.B.C.D/a.b.c.d`.
    #[param(code(SIP_WHITELIST_NETWORK))]
    pub sip_whitelist_network: String,
    /// A note.
    #[param(max_chars(1_000))]
    pub description: Option<String>,
}

pub type Response = Done;

/// Changes a network of the SIP white list. Without a note it keeps the one it has.
#[method]
pub async fn set_sip_white_list_item(call: &Call, request: Request) -> Result<Response> {
    let network = super::network(&request.sip_whitelist_network)?;
    call.write(move |account, tx| {
        let item = super::find(account, tx, request.sip_whitelist_id)?;
        let listed = || Error::field(codes::SIP_WHITELIST_NETWORK, "sip_whitelist_network", "'sip_whitelist_network' is on the list already.");
        sip_white_list::update(account, tx, item.id, &network, request.description.as_deref()).map_err(|failure| taken(failure, listed))?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn an_item_is_changed(world: World) {
        let add = async |network: &str| world.ok(&world.owner, "AddSipWhiteListItem", &[("sip_whitelist_network", network), ("description", "a")]).await;
        let id = add("192.0.2.0/24").await["sip_whitelist_id"].to_string();
        add("203.0.113.5").await;
        let set = async |network: &str| world.call(&world.owner, "SetSipWhiteListItem", &[("sip_whitelist_id", id.as_str()), ("sip_whitelist_network", network)]).await;
        assert_eq!(set("198.51.100.0/24").await, json!({"result": 1}));
        let list = world.ok(&world.owner, "GetSipWhiteList", &[("sip_whitelist_id", &id)]).await;
        assert_eq!(list["result"][0], json!({"sip_whitelist_id": id.parse::<i64>().unwrap(), "sip_whitelist_network": "198.51.100.0/24", "description": "a"}));
        assert_eq!(set("203.0.113.5").await["error"]["code"], 170);
        assert_eq!(set("x").await["error"]["code"], 170);
        assert_eq!(world.refused(&world.owner, "SetSipWhiteListItem", &[("sip_whitelist_id", "99999"), ("sip_whitelist_network", "192.0.2.1")]).await, 169);
    }
}
