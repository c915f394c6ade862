//! `/logs/{id}/{token}`: the log of a session, also while it is written. Who may see it is decided in the API.

use std::sync::Arc;

use axum::{
    extract::{ConnectInfo, Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use cordboard_api::links::{LinkRequest, Linking};

use crate::{clock, files, http::Shared, pages};

pub async fn serve(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    Path((id, token)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let Some(ip) = shared.caller(peer.ip(), &headers) else {
        return (StatusCode::BAD_REQUEST, "X-Forwarded-For is not a list of addresses.\n").into_response();
    };
    // A header that is no text is no JWT either, but it was sent.
    let authorization = headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    let request = LinkRequest { id: &id, token: &token, query: query.as_deref().unwrap_or_default(), authorization, ip, now: clock::now() };
    let mut response = match shared.api.log_link(&request).await {
        Linking::Allowed(path) => files::part(&path, "text/plain; charset=utf-8", method, &headers).await.unwrap_or_else(pages::not_found),
        Linking::NotFound => pages::not_found(),
        Linking::Unauthorized => {
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")], "This log needs 'Authorization: Bearer' and a JWT of its account.\n").into_response()
        }
        Linking::Forbidden => (StatusCode::FORBIDDEN, "This log is for the roles Owner, Developer, Admin, Supervisor and Support of its account.\n").into_response(),
        Linking::TooMany => (StatusCode::TOO_MANY_REQUESTS, "Too many wrong credentials; try again later.\n").into_response(),
        Linking::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "Something failed inside; the server's log says what.\n").into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}
