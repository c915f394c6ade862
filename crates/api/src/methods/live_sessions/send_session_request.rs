use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{live::ControlRequest, methods::prelude::*, store::sessions};

pub const ACCESS: Access = Access::Roles(&[Role::Owner, Role::Admin, Role::Developer, Role::CallsSms]);
pub const KIND: Kind = Kind::Write;
pub const AREA: Area = Area::Sessions;
pub const ERRORS: &[Code] = &[codes::CALL_SESSION_HISTORY_ID, codes::RATE_LIMIT];

#[derive(Request)]
pub struct Request {
    /// The session.
    #[param(code(CALL_SESSION_HISTORY_ID))]
    pub call_session_history_id: i64,
    /// The method of the HTTP request.
    #[param(values(&["GET", "POST", "PUT", "PATCH", "DELETE"]), default("POST"))]
    pub method: String,
    /// What follows the session's URL, with a query if there is one. What may not stand in a URL is percent-encoded.
    #[param(max_chars(4_000))]
    pub path: Option<String>,
    /// The body, at most what a request to the API may have.
    pub content: Option<String>,
    /// What the body is, for the audit log: scenarios see headers `X-…` alone.
    #[param(max_chars(200))]
    pub content_type: Option<String>,
}

#[derive(Serialize, JsonSchema)]
pub struct Response {
    pub result: SessionAnswer,
}

#[derive(Serialize, JsonSchema)]
pub struct SessionAnswer {
    /// The HTTP status: 404 when the session has ended, 503 when it has too much to do, 504 when it gave no answer for 90 s.
    pub status: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<&'static str>,
    /// The answer's text, or a sentence that says why there is none.
    pub content: String,
}

/// Sends a request to the control URL of a session that runs, and waits for the scenario's answer.
///
/// Limits and answers are those of the control URL, but at most 16 requests of an account wait at once. Sessions of another
/// node answer as if they had ended.
#[method(ours)]
pub async fn send_session_request(call: &Call, request: Request) -> Result<Response> {
    let id = request.call_session_history_id;
    let crowded = || Error::new(codes::RATE_LIMIT, "Too many requests of this account wait for the answers of sessions; try again when one is answered.");
    let _place = call.api().requests.take(call.caller.home).ok_or_else(crowded)?;
    let unknown =
        move || Error::field(codes::CALL_SESSION_HISTORY_ID, "call_session_history_id", format!("'call_session_history_id' is invalid: there is no session {id}."));
    call.write(move |account, tx| sessions::of_account(account, tx, id)?.map(|_| ()).ok_or_else(|| unknown().into())).await?;
    let asked = ControlRequest {
        method: request.method.to_ascii_uppercase(),
        below: below(request.path.as_deref().unwrap_or_default()),
        content: request.content.unwrap_or_default(),
    };
    let answer = call.api().sessions.request(call.account.id(), id, asked).await?;
    Ok(Response { result: SessionAnswer { status: answer.status.into(), content_type: answer.content_type, content: answer.content } })
}

/// What may not stand in the path or query of a URL, beside what is no ASCII.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}');

/// What follows the session's URL: nothing, a path or a query.
fn below(path: &str) -> String {
    let slash = if path.is_empty() || path.starts_with(['/', '?']) { "" } else { "/" };
    format!("{slash}{}", utf8_percent_encode(path, ENCODED))
}

#[cfg(test)]
mod tests {
    use crate::testing::*;

    #[on_both_databases]
    async fn a_running_session_answers_until_it_ends(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let id = world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await["call_session_history_id"].to_string();
        let of_session = ("call_session_history_id", id.as_str());
        let request = [of_session, ("method", "put"), ("path", "order 7?who=é"), ("content", "<b>"), ("content_type", "text/html")];
        let answer = world.ok(&world.owner, "SendSessionRequest", &request).await;
        assert_eq!(answer, json!({"result": {"status": 200, "content_type": "text/plain; charset=utf-8", "content": "PUT /order%207?who=%C3%A9 <b>"}}));
        assert_eq!(world.ok(&world.owner, "SendSessionRequest", &[of_session]).await["result"]["content"], "POST  ");
        let line = world.ok(&world.owner, "GetAuditLog", &[("filtered_cmd", "SendSessionRequest")]).await["result"][0].clone();
        assert_eq!((&line["cmd_args"]["path"], &line["cmd_args"]["content_type"]), (&json!("order 7?who=é"), &json!("text/html")), "{line}");
        world.ok(&world.owner, "StopSession", &[of_session]).await;
        assert_eq!(world.ok(&world.owner, "SendSessionRequest", &[of_session]).await["result"]["status"], 404);
    }

    #[on_both_databases]
    async fn only_sessions_of_the_account_are_asked(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let id = world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await["call_session_history_id"].to_string();
        let of_session = ("call_session_history_id", id.as_str());
        let child = world.child("kiddo", "kid@example.org").await;
        assert_eq!(world.refused(&world.owner.on(&child), "SendSessionRequest", &[of_session]).await, 150);
        assert_eq!(world.refused(&world.owner, "SendSessionRequest", &[("call_session_history_id", "99999")]).await, 150);
        assert_eq!(world.refused(&world.owner, "SendSessionRequest", &[of_session, ("method", "BREW")]).await, 101);
        assert_eq!(world.refused(&world.key(&["Support"]).await, "SendSessionRequest", &[of_session]).await, 104);
    }

    #[on_both_databases]
    async fn few_requests_of_an_account_wait_at_once(world: World) {
        let rule = world.running_rule("shop", "1").await;
        let id = world.ok(&world.owner, "StartScenarios", &[("rule_id", &rule)]).await["call_session_history_id"].to_string();
        let of_session = ("call_session_history_id", id.as_str());
        let home = world.account_id().parse().unwrap();
        let waiting: Vec<_> = (0..16).map(|_| world.api.requests.take(home).unwrap()).collect();
        assert_eq!(world.refused(&world.owner, "SendSessionRequest", &[of_session]).await, 340);
        drop(waiting);
        for _ in 0..17 {
            world.ok(&world.owner, "SendSessionRequest", &[of_session]).await;
        }
    }

    #[test]
    fn a_path_begins_with_a_slash_or_a_query() {
        assert_eq!(super::below(""), "");
        assert_eq!(super::below("?a=b"), "?a=b");
        assert_eq!(super::below("/a/%20\r\nX: y#z"), "/a/%20%0D%0AX:%20y%23z");
    }
}
