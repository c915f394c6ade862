use crate::{methods::prelude::*, store::sip_white_list};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// The item to remove.
    #[param(code(SIP_WHITELIST_ID))]
    pub sip_whitelist_id: i64,
}

pub type Response = Done;

/// Removes a network from the SIP white list. The next call from there needs a password.
#[method]
pub async fn del_sip_white_list_item(call: &Call, request: Request) -> Result<Response> {
    call.write(move |account, tx| {
        let item = super::find(account, tx, request.sip_whitelist_id)?;
        sip_white_list::delete(account, tx, item.id)?;
        Ok(Done::YES)
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_removed_network_is_on_the_list_no_more(world: World) {
        let id = world.ok(&world.owner, "AddSipWhiteListItem", &[("sip_whitelist_network", "192.0.2.0/24")]).await["sip_whitelist_id"].to_string();
        world.ok(&world.owner, "DelSipWhiteListItem", &[("sip_whitelist_id", &id)]).await;
        assert!(!world.api.sip_listed("demo.owner", "192.0.2.7".parse().unwrap()).await.unwrap().unwrap().1);
        assert_eq!(world.refused(&world.owner, "DelSipWhiteListItem", &[("sip_whitelist_id", &id)]).await, 169);
        assert_eq!(world.refused(&world.owner, "DelSipWhiteListItem", &[]).await, 134);
    }
}
