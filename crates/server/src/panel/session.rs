//! Signing in and out, and the API by cookie. The cookie never mixes with parameters, and is nothing without a header that
//! pages of other sites cannot send.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Extension, Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use cordboard_api::{
    Incoming, Outgoing, PANEL_SESSION_SECONDS, codes,
    error::Error,
    registry::{Catalogue, Kind},
    wire::Answer,
};
use serde_json::{Value, json};

use super::guard::Site;
use crate::http::{self, Shared};

/// The cookie over TLS. Browsers take a name with this prefix over secure connections from this very host alone, so that no
/// neighbour of the same domain sets one; it is for all paths then.
const SECURE_COOKIE: &str = "__Host-cordboard-panel";

/// The cookie over plain HTTP on this machine. It has another name, because cookies know no ports, and the panel over TLS on
/// the same host must not read it.
const PLAIN_COOKIE: &str = "cordboard-panel";

/// What the panel's own pages send beside the cookie. A page of another site cannot, without being asked first.
const CALL_HEADER: &str = "x-cordboard-panel";

impl Site {
    fn cookie(&self) -> &'static str {
        if self.secure { SECURE_COOKIE } else { PLAIN_COOKIE }
    }

    /// The session's token; empty when there is none.
    fn token(&self, headers: &HeaderMap) -> String {
        let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(';'));
        pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == self.cookie()).map(|(_, token)| token.to_owned()).unwrap_or_default()
    }

    fn set_cookie(&self, mut response: Response, token: &str, seconds: i64) -> Response {
        let scope = if self.secure { "Path=/; Secure" } else { "Path=/panel" };
        let cookie = format!("{}={token}; {scope}; Max-Age={seconds}; HttpOnly; SameSite=Strict", self.cookie());
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }
}

/// A request that is not from the panel's pages.
pub(super) fn forbidden(why: &str) -> Response {
    let mut response = refusal(&Error::new(codes::ACCESS_DENIED, why));
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

pub(super) fn refusal(error: &Error) -> Response {
    http::json_text(&json!({ "error": error }))
}

/// A request of the panel's pages to the API.
pub async fn call(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(site): Extension<Site>,
    Path(method): Path<String>,
    request: Request,
) -> Response {
    if request.headers().get(CALL_HEADER).is_none_or(|value| value != "1") {
        return forbidden("Send the header X-Cordboard-Panel: 1.");
    }
    if !site.is_from_here(request.headers()) {
        return forbidden("This request comes from another site.");
    }
    let token = site.token(request.headers());
    forward(&shared, peer, method, token, request).await
}

/// A download by a link of the panel's pages: reads alone, and only where the browser says whose link it is.
pub async fn download(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(site): Extension<Site>,
    Path(method): Path<String>,
    request: Request,
) -> Response {
    if !request.headers().contains_key("sec-fetch-site") || !site.is_from_here(request.headers()) {
        return forbidden("A download needs Sec-Fetch-Site: same-origin; other calls use POST.");
    }
    if Catalogue::get().find(&method).is_some_and(|entry| entry.kind() != Kind::Read) {
        return forbidden("A method that writes uses POST.");
    }
    let token = site.token(request.headers());
    forward(&shared, peer, method, token, request).await
}

async fn forward(shared: &Shared, peer: SocketAddr, method: String, token: String, request: Request) -> Response {
    match http::receive_call(shared, peer, Some(method), request).await {
        Ok((incoming, _room)) => http::answer(shared.api.handle(Incoming { panel_session: Some(token), ..incoming }).await).await,
        Err(response) => response,
    }
}

/// Opens a session for an account's name or e-mail, or a subuser of it, and sets the cookie.
pub async fn sign_in(State(shared): State<Arc<Shared>>, ConnectInfo(peer): ConnectInfo<SocketAddr>, Extension(site): Extension<Site>, request: Request) -> Response {
    let headers = request.headers().clone();
    if !site.is_from_here(&headers) {
        return forbidden("This request comes from another site.");
    }
    // A form of another site cannot have this type.
    if !headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json")) {
        return refusal(&Error::new(codes::ARGUMENTS, "Send a JSON object with 'account', 'password' and, where they apply, 'subuser' and 'code'."));
    }
    let (incoming, _room) = match http::receive_call(&shared, peer, Some("OpenPanelSession".to_owned()), request).await {
        Ok(received) => received,
        Err(response) => return response,
    };
    let form = match credentials(&incoming.body, headers.get(header::USER_AGENT)) {
        Ok(form) => form,
        Err(error) => return refusal(&error),
    };
    let content_type = Some("application/x-www-form-urlencoded".to_owned());
    let incoming = Incoming { query: String::new(), content_type, authorization: None, body: form.into(), ..incoming };
    let opened = shared.api.handle(incoming.clone()).await;
    let said = value(&opened);
    let Some(token) = said["token"].as_str() else {
        return if said["second_factor_required"] == true { http::json_text(&json!({"second_factor_required": true})) } else { http::answer(opened).await };
    };
    let who =
        Incoming { path_method: Some("GetPanelSession".to_owned()), content_type: None, body: Default::default(), panel_session: Some(token.to_owned()), ..incoming };
    let response = http::answer(shared.api.handle(who).await).await;
    site.set_cookie(response, token, PANEL_SESSION_SECONDS)
}

/// The parameters of OpenPanelSession, from what the sign-in page sends.
fn credentials(body: &[u8], user_agent: Option<&HeaderValue>) -> Result<String, Error> {
    let sent: Value = serde_json::from_slice(body).map_err(|_| Error::new(codes::ARGUMENTS, "The body is not JSON."))?;
    let text = |name: &str| sent[name].as_str().filter(|text| !text.is_empty());
    let required = |name: &'static str| text(name).ok_or_else(|| Error::missing(name));
    let (account, password) = (required("account")?.trim(), required("password")?);
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair(if account.contains('@') { "account_email" } else { "account_name" }, account);
    match text("subuser").map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => form.append_pair("subuser_login", name).append_pair("subuser_password", password),
        None => form.append_pair("account_password", password),
    };
    for (name, value) in [("code", text("code")), ("user_agent", user_agent.and_then(|value| value.to_str().ok()))] {
        if let Some(value) = value {
            form.append_pair(name, value);
        }
    }
    Ok(form.finish())
}

fn value(outgoing: &Outgoing) -> Value {
    match &outgoing.answer {
        Answer::Json(body) => serde_json::from_slice(body).unwrap_or_default(),
        Answer::File { .. } | Answer::Stored(_) => Value::Null,
    }
}

/// Ends the session and takes the cookie away, whether or not the session was still open.
pub async fn sign_out(State(shared): State<Arc<Shared>>, ConnectInfo(peer): ConnectInfo<SocketAddr>, Extension(site): Extension<Site>, request: Request) -> Response {
    if !site.is_from_here(request.headers()) {
        return forbidden("This request comes from another site.");
    }
    let token = site.token(request.headers());
    let (incoming, _room) = match http::receive_call(&shared, peer, Some("ClosePanelSession".to_owned()), request).await {
        Ok(received) => received,
        Err(response) => return response,
    };
    let ended = shared
        .api
        .handle(Incoming { query: String::new(), content_type: None, authorization: None, body: Default::default(), panel_session: Some(token), ..incoming })
        .await;
    let response = match ended.code {
        // The session was over already.
        Some(codes::AUTHENTICATION_FAILED) => http::json_text(&json!({"result": 1})),
        Some(_) => return http::answer(ended).await,
        None => http::answer(ended).await,
    };
    site.set_cookie(response, "", 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(secure: bool) -> Site {
        Site { secure, ..Site::default() }
    }

    #[test]
    fn a_cookie_is_found_by_its_name_alone() {
        let token = |secure, cookies: &'static str| site(secure).token(&HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))]));
        assert_eq!(token(true, "a=1; __Host-cordboard-panel=T-_1; b=2"), "T-_1");
        assert_eq!(token(true, "cordboard-panel=T"), "");
        assert_eq!(token(false, "__Host-cordboard-panel=T"), "");
        assert_eq!(token(false, "xcordboard-panel=X; cordboard-panel=T=="), "T==");
        assert_eq!(site(false).token(&HeaderMap::new()), "");
    }

    #[test]
    fn a_name_with_an_at_sign_is_an_e_mail() {
        let form = |body: &str| credentials(body.as_bytes(), Some(&HeaderValue::from_static("Firefox")));
        assert_eq!(form(r#"{"account":"owner","password":"p&q"}"#).as_deref(), Ok("account_name=owner&account_password=p%26q&user_agent=Firefox"));
        assert_eq!(
            form(r#"{"account":" a@b.c ","subuser":"alice","password":"p","code":"1"}"#).as_deref(),
            Ok("account_email=a%40b.c&subuser_login=alice&subuser_password=p&code=1&user_agent=Firefox")
        );
        for (body, field) in [(r#"{"password":"p"}"#, "account"), (r#"{"account":"owner","password":""}"#, "password"), (r#"{"account":7,"password":"p"}"#, "account")] {
            assert_eq!(form(body).err().and_then(|error| error.field).as_deref(), Some(field));
        }
        assert!(form("x").is_err() && form("[]").is_err());
    }
}
