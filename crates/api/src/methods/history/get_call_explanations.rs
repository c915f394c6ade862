use crate::{
    methods::prelude::*,
    store::{calls, sessions},
};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::Supervisor, Role::Support]);
pub const KIND: Kind = Kind::Read;
pub const AREA: Area = Area::History;
pub const ERRORS: &[Code] = &[codes::CALL_SESSION_HISTORY_ID];

#[derive(Request)]
pub struct Request {
    /// The session, which has ended.
    #[param(code(CALL_SESSION_HISTORY_ID))]
    pub call_session_history_id: i64,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    /// The session's calls in their order.
    pub result: Vec<CallExplanation>,
}

#[derive(Serialize, JsonSchema)]
pub struct CallExplanation {
    /// As GetCallHistory shows it.
    pub call_id: i64,
    pub incoming: bool,
    pub successful: bool,
    pub local_number: String,
    pub remote_number: String,
    /// A SIP status.
    pub end_code: i64,
    pub end_reason: String,
    /// Why it failed, or which error of its scenario ended it: sentences, one a line, 4,000 characters at most. Absent otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
}

/// Says why the calls of a session failed: which rules did not take a call and why, the list an address was not on, what the
/// trunk answered, a destination that is not allowed, the error at which the scenario stopped.
///
/// A call that was refused before a scenario ran is in the history as a session of its own.
#[method(ours)]
pub async fn get_call_explanations(call: &Call, request: Request) -> Result<Response> {
    let id = request.call_session_history_id;
    let unknown =
        move || Error::field(codes::CALL_SESSION_HISTORY_ID, "call_session_history_id", format!("'call_session_history_id' is invalid: there is no session {id}."));
    call.read(move |account, tx| {
        sessions::of_account(account, tx, id)?.ok_or_else(unknown)?;
        let view = |call: calls::Explained| CallExplanation {
            call_id: call.id,
            incoming: call.incoming,
            successful: call.successful,
            local_number: call.local_number,
            remote_number: call.remote_number,
            end_code: call.end_code,
            end_reason: call.end_reason,
            explanation: call.explanation,
        };
        Ok(Response { result: calls::explained(account, tx, id)?.into_iter().map(view).collect() })
    })
    .await
}

#[cfg(test)]
mod tests {
    use crate::{
        store::sessions::{End, Leg},
        testing::*,
    };

    #[on_both_databases]
    async fn every_leg_has_its_own_explanation(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let id = world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await["call_session_history_id"].as_i64().unwrap();
        let failed = Leg { successful: false, incoming: false, end_code: 403, explanation: Some("\u{1b}x".repeat(5_000)), ..leg("1", "2") };
        let end = End { ended_at: world.now(), finish_reason: "Normal termination".to_owned(), custom_data: String::new(), calls: vec![leg("3", "4"), failed] };
        world.api.session_ended(id, end).await.unwrap();
        let params = [("call_session_history_id", &*id.to_string())];
        let result = world.ok(&world.owner, "GetCallExplanations", &params).await["result"].clone();
        assert!(result[0].get("explanation").is_none());
        let text = result[1]["explanation"].as_str().unwrap_or_default();
        assert_eq!((text.chars().count(), result[1]["end_code"].as_i64(), text.contains('\u{1b}')), (4_000, Some(403), false));
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.refused(&world.owner.on(&child), "GetCallExplanations", &params).await, 150);
    }
}
