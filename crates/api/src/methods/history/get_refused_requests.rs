use crate::{calls::Stranger, methods::prelude::*, store::accounts};

pub const ACCESS: Access = Access::Roles(&[Role::Owner]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::Secrets;
pub const ERRORS: &[Code] = &[];

#[derive(Request)]
pub struct Request {
    /// Page.
    pub page: Page,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The newest first.
    pub result: Vec<Stranger>,
    pub total_count: usize,
    pub count: usize,
}

/// Lists the SIP requests that were refused before it was known which account they are for: the last 1,000 of this node since it
/// was started.
///
/// They are the operator's business, so only an Owner of the first account may see them.
#[method(ours)]
pub async fn get_refused_requests(call: &Call, request: Request) -> Result<Response> {
    let operator = call.read(|_, tx| Ok(accounts::first_tenant(tx)?.map(|tenant| tenant.id))).await?;
    if operator != Some(call.account.id()) || !call.caller.is_owner() {
        return Err(Error::new(codes::ACCESS_DENIED, "Only an Owner of the installation's first account may see what strangers sent.").into());
    }
    let strangers = call.api().strangers();
    let (skip, take) = (usize::try_from(request.page.offset).unwrap_or(usize::MAX), usize::try_from(request.page.count).unwrap_or(0));
    let total_count = strangers.len();
    let result: Vec<_> = strangers.into_iter().skip(skip).take(take).collect();
    Ok(Response { total_count, count: result.len(), result })
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn the_operator_alone_sees_what_strangers_sent(world: World) {
        let refuse = |from: &str, target: &str| world.api.stranger_refused(from.parse().unwrap(), "INVITE", target, 404, "There is no such application.", world.now());
        refuse("198.51.100.7:5060", "sip:1@nowhere");
        refuse("198.51.100.7:5060", "sip:2@nowhere\u{1b}[31m");
        refuse("198.51.100.8:5060", &"x".repeat(10_000));
        let seen = world.ok(&world.owner, "GetRefusedRequests", &[]).await;
        assert_eq!((&seen["total_count"], &seen["result"][1]["times"], &seen["result"][1]["target"]), (&json!(2), &json!(2), &json!("sip:2@nowhere\u{fffd}[31m")));
        assert_eq!(seen["result"][0]["target"].as_str().map(str::len), Some(200));
        for number in 0..3_000 {
            refuse(&format!("198.51.100.9:{}", 1_000 + number), "sip:1@nowhere");
        }
        assert_eq!(world.ok(&world.owner, "GetRefusedRequests", &[("count", "1")]).await["total_count"], 1_000);
        for roles in [&["Admin"][..], &["Viewer", "Editor"]] {
            assert_eq!(world.refused(&world.key(roles).await, "GetRefusedRequests", &[]).await, 104, "{roles:?}");
        }
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.refused(&world.owner.on(&child), "GetRefusedRequests", &[]).await, 104);
    }
}
