use super::profile::{AccountInfo, Shown};
use crate::{
    methods::prelude::*,
    store::accounts::{self, Child, ChildFilter, ChildOrder},
    things::Thing,
    wire::Selection,
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Accounts;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Ids of children, or `all`. One of id, name and e-mail is required.
    #[param(code(CHILD_ACCOUNT_ID))]
    pub child_account_id: Option<Selection<i64>>,
    /// Part of the name.
    #[param(code(CHILD_ACCOUNT_NAME))]
    pub child_account_name: Option<String>,
    /// Part of the e-mail.
    #[param(code(CHILD_ACCOUNT_EMAIL))]
    pub child_account_email: Option<String>,
    /// Only active, or only inactive ones.
    pub active: Option<bool>,
    /// Only frozen ones, or only others.
    pub frozen: Option<bool>,
    /// Leaves out unknown ids instead of failing.
    #[param(default("false"))]
    pub ignore_invalid_accounts: bool,
    /// Only `account_id`.
    #[param(default("false"))]
    pub brief_output: bool,
    /// Only id, name and e-mail.
    #[param(default("false"))]
    pub medium_output: bool,
    /// Page.
    pub page: Page,
    /// What the list is sorted by.
    #[param(default("child_account_name"), values(&["child_account_id", "child_account_name", "child_account_email"]))]
    pub order_by: String,
    /// Counts running calls into the balance.
    #[param(default("true"))]
    pub return_live_balance: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: Vec<AccountInfo>,
    pub total_count: i64,
    pub count: usize,
}

/// Lists child accounts.
#[method]
pub async fn get_children_accounts(call: &Call, request: Request) -> Result<Response> {
    if request.child_account_id.is_none() && request.child_account_name.is_none() && request.child_account_email.is_none() {
        let text = "One of 'child_account_id', 'child_account_name' and 'child_account_email' is required; child_account_id=all lists all.";
        return Err(Error::field(codes::REQUIRED, "child_account_id", text).into());
    }
    let order = match request.order_by.to_ascii_lowercase().as_str() {
        "child_account_id" => ChildOrder::Id,
        "child_account_email" => ChildOrder::Email,
        _ => ChildOrder::Name,
    };
    let ids = match request.child_account_id {
        Some(Selection::These(ids)) => Some(ids),
        _ => None,
    };
    let filter = ChildFilter { ids, name: request.child_account_name, email: request.child_account_email, active: request.active, frozen: request.frozen };
    let (page, must_exist) = (request.page, !request.ignore_invalid_accounts);
    let found = call.read(move |account, tx| {
        for id in filter.ids.iter().flatten().filter(|_| must_exist) {
            if Child::by_id(account, tx, (), *id)?.is_none() {
                return Err(Error::field(codes::CHILD_ACCOUNT_ID, "child_account_id", format!("'child_account_id' is invalid: there is no child account {id}.")).into());
            }
        }
        Ok(accounts::children(account, tx, &filter, order, page)?)
    });
    let (profiles, total_count) = found.await?;
    let shown = Shown { api_key: false, callback_salt: call.caller.is_owner() };
    let view = |profile: accounts::Profile| {
        if request.brief_output {
            return Ok(AccountInfo { account_id: profile.id, account_name: None, account_email: None, details: None });
        }
        if request.medium_output {
            return Ok(AccountInfo { account_id: profile.id, account_name: Some(profile.name), account_email: Some(profile.email), details: None });
        }
        AccountInfo::full(call.api(), profile, shown)
    };
    let result = profiles.into_iter().map(view).collect::<Result<Vec<_>>>()?;
    Ok(Response { total_count, count: result.len(), result })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn all_children_are_listed_by_name(world: World) {
        world.child("tenant-b", "b@example.org").await;
        let a = world.child("tenant-a", "a@example.org").await;
        let all = world.ok(&world.owner, "GetChildrenAccounts", &[("child_account_id", "ALL")]).await;
        assert_eq!((all["total_count"].as_i64(), &all["result"][0]["account_name"]), (Some(2), &json!("tenant-a")));
        assert_eq!(all["result"][0]["currency"], "USD");
        let one = world.ok(&world.owner, "GetChildrenAccounts", &[("child_account_name", "NANT-A"), ("medium_output", "true")]).await;
        assert_eq!(one["result"], json!([{"account_id": a.parse::<i64>().unwrap_or(0), "account_name": "tenant-a", "account_email": "a@example.org"}]));
        let second = world
            .ok(
                &world.owner,
                "GetChildrenAccounts",
                &[("child_account_id", "all"), ("order_by", "child_account_id"), ("count", "1"), ("offset", "1"), ("brief_output", "1")],
            )
            .await;
        assert_eq!((second["count"].as_i64(), second["result"][0]["account_id"].to_string()), (Some(1), a));
    }

    #[on_both_databases]
    async fn unknown_ids_fail_unless_ignored(world: World) {
        let id = world.child("tenant-a", "a@example.org").await;
        let ids = format!("{id};99999");
        assert_eq!(world.refused(&world.owner, "GetChildrenAccounts", &[("child_account_id", &ids)]).await, 194);
        let found = world.ok(&world.owner, "GetChildrenAccounts", &[("child_account_id", ids.as_str()), ("ignore_invalid_accounts", "true")]).await;
        assert_eq!(found["total_count"], 1);
        assert_eq!(world.refused(&world.owner, "GetChildrenAccounts", &[]).await, 134);
        assert_eq!(world.refused(&world.owner, "GetChildrenAccounts", &[("child_account_id", "all"), ("order_by", "balance")]).await, 101);
    }

    #[on_both_databases]
    async fn secrets_of_children_are_for_owners(world: World) {
        let id = world.child("tenant-a", "a@example.org").await;
        world.ok(&world.owner, "SetChildAccountInfo", &[("child_account_id", id.as_str()), ("callback_salt", "pepper")]).await;
        for (who, shown) in [(world.key(&["Viewer"]).await, false), (world.password(), true), (world.owner.clone(), true)] {
            let seen = world.ok(&who, "GetChildrenAccounts", &[("child_account_id", "all")]).await;
            assert_eq!(seen["result"][0].get("callback_salt").is_some(), shown);
            assert!(seen["result"][0].get("api_key").is_none(), "a child's API key is for the child's own password");
        }
    }

    #[on_both_databases]
    async fn a_percent_sign_is_no_wildcard(world: World) {
        world.child("tenant-a", "a@example.org").await;
        assert_eq!(world.ok(&world.owner, "GetChildrenAccounts", &[("child_account_name", "%")]).await["total_count"], 0);
        assert_eq!(world.ok(&world.owner, "GetChildrenAccounts", &[("child_account_email", "A@EX")]).await["total_count"], 1);
    }
}
