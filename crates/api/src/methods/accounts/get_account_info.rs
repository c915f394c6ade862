use super::profile::{AccountInfo, Shown};
use crate::{methods::prelude::*, registry::Catalogue, store::accounts};

pub const ACCESS: Access = Access::Basic;
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Accounts;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Counts running calls into the balance.
    #[param(default("true"))]
    pub return_live_balance: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: AccountInfo,
    /// The host to call for this account.
    pub api_address: String,
}

/// Describes the account.
///
/// `api_key` is there only for a caller with the account's password, `callback_salt` only for Owners; `access_entries` lists
/// what the caller may call.
#[method]
pub async fn get_account_info(call: &Call, _request: Request) -> Result<Response> {
    let profile = call.read(|account, tx| Ok(accounts::profile(account, tx)?)).await?;
    let shown = Shown { api_key: call.caller.by_password(), callback_salt: call.caller.is_owner() };
    let mut result = AccountInfo::full(call.api(), profile, shown)?;
    let catalogue = Catalogue::get();
    let entries = catalogue.entries().iter().map(|entry| entry.name()).filter(|name| catalogue.holds(&call.caller.rights, name)).collect();
    if let Some(details) = &mut result.details {
        details.access_entries = Some(entries);
    }
    Ok(Response { result, api_address: call.api().settings.public_host.clone() })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_api_key_is_for_the_password_alone(world: World) {
        let by_key = world.ok(&world.owner, "GetAccountInfo", &[]).await;
        assert!(by_key["result"].get("api_key").is_none());
        assert_eq!(by_key["result"]["account_name"], "owner");
        let by_password = world.ok(&world.password(), "GetAccountInfo", &[]).await;
        let api_key = by_password["result"]["api_key"].as_str().unwrap_or_default().to_owned();
        let with_api_key = Who::Older(vec![("account_name".to_owned(), "owner".to_owned()), ("api_key".to_owned(), api_key)]);
        let by_api_key = world.ok(&with_api_key, "GetAccountInfo", &[]).await;
        assert!(by_api_key["result"].get("api_key").is_none());
        assert_eq!(by_api_key["api_address"], "localhost");
    }

    #[on_both_databases]
    async fn access_entries_are_what_the_caller_may_call(world: World) {
        let weak = world.key(&[]).await;
        let seen = world.ok(&weak, "GetAccountInfo", &[]).await;
        let entries: Vec<&str> = seen["result"]["access_entries"].as_array().into_iter().flatten().filter_map(|entry| entry.as_str()).collect();
        assert!(entries.contains(&"CreateKey") && !entries.contains(&"AddUser"), "{entries:?}");
    }
}
