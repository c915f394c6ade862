use crate::{methods::prelude::*, store::sip_white_list};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Security;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Only this item.
    #[param(code(SIP_WHITELIST_ID))]
    pub sip_whitelist_id: Option<i64>,
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<SipWhiteListInfo>,
    pub total_count: i64,
    pub count: usize,
}

#[derive(Serialize, JsonSchema)]
pub struct SipWhiteListInfo {
    pub sip_whitelist_id: i64,
    /// `A.B.C.D` or `A.B.C.D/L`.
    pub sip_whitelist_network: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Lists the networks whose SIP calls need no password.
#[method]
pub async fn get_sip_white_list(call: &Call, request: Request) -> Result<Response> {
    call.read(move |account, tx| {
        if let Some(id) = request.sip_whitelist_id {
            super::find(account, tx, id)?;
        }
        let (items, total_count) = sip_white_list::page(account, tx, request.sip_whitelist_id, request.page)?;
        let view = |item: sip_white_list::Item| SipWhiteListInfo { sip_whitelist_id: item.id, sip_whitelist_network: item.network, description: item.description };
        let result: Vec<_> = items.into_iter().map(view).collect();
        Ok(Response { total_count, count: result.len(), result })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_list_is_paged_and_its_accounts_own(world: World) {
        for network in ["192.0.2.0/24", "203.0.113.5", "198.51.100.1"] {
            world.ok(&world.owner, "AddSipWhiteListItem", &[("sip_whitelist_network", network)]).await;
        }
        let page = world.ok(&world.owner, "GetSipWhiteList", &[("count", "1"), ("offset", "1")]).await;
        assert_eq!((&page["total_count"], &page["count"], &page["result"][0]["sip_whitelist_network"]), (&json!(3), &json!(1), &json!("203.0.113.5")));
        assert!(page["result"][0].get("description").is_none());
        let id = page["result"][0]["sip_whitelist_id"].to_string();
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.ok(&world.owner.on(&child), "GetSipWhiteList", &[]).await["total_count"], 0);
        assert_eq!(world.refused(&world.owner.on(&child), "GetSipWhiteList", &[("sip_whitelist_id", &id)]).await, 169);
    }
}
