//! `/logs/{id}/{token}`: the log of a session, also while it is written. Who may see it is decided in the API.

use std::{ops::Range, sync::Arc};

use axum::{
    body::{Body, Bytes},
    extract::{ConnectInfo, Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use cordboard_api::{
    Logs,
    links::{LinkRequest, Linking},
};
use futures_util::{Stream, stream};
use http_range_header::parse_range_header;

use crate::{clock, http::Shared, pages};

/// Bytes of a log that are in memory at a time.
const PIECE: usize = 256 * 1024;

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
        Linking::Allowed(session_id) => log(shared.api.logs(), session_id, &method, &headers).await.unwrap_or_else(|error| {
            tracing::error!(session = session_id, "the log of a session cannot be read: {error}");
            broken()
        }),
        Linking::NotFound => pages::not_found(),
        Linking::Unauthorized => {
            (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")], "This log needs 'Authorization: Bearer' and a JWT of its account.\n").into_response()
        }
        Linking::Forbidden => (StatusCode::FORBIDDEN, "This log is for the roles Owner, Developer, Admin, Supervisor and Support of its account.\n").into_response(),
        Linking::TooMany => (StatusCode::TOO_MANY_REQUESTS, "Too many wrong credentials; try again later.\n").into_response(),
        Linking::Broken => broken(),
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn broken() -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, "Something failed inside; the server's log says what.\n").into_response()
}

/// The log, or the one part of it that `Range` asks for (RFC 9110 §14.2; of several parts the whole is given instead).
async fn log(logs: Arc<Logs>, session_id: i64, method: &Method, headers: &HeaderMap) -> std::io::Result<Response> {
    let asked = logs.clone();
    let Some(length) = tokio::task::spawn_blocking(move || asked.bytes(session_id)).await?? else { return Ok(pages::not_found()) };
    let wanted = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).and_then(|range| parse_range_header(range).ok());
    let part = match wanted.map(|range| range.validate(length)) {
        Some(Ok(ranges)) => <[_; 1]>::try_from(ranges).ok().map(|[range]| *range.start()..range.end() + 1),
        Some(Err(_)) => return Ok((StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, format!("bytes */{length}"))]).into_response()),
        None => None,
    };
    let range = part.clone().unwrap_or(0..length);
    let mut response = Response::new(Body::empty());
    let described = response.headers_mut();
    described.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    described.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    described.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if let Some(part) = part {
        described.insert(header::CONTENT_RANGE, HeaderValue::try_from(format!("bytes {}-{}/{length}", part.start, part.end - 1)).map_err(std::io::Error::other)?);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    if method != Method::HEAD {
        *response.body_mut() = Body::from_stream(pieces(logs, session_id, range));
    }
    Ok(response)
}

fn pieces(logs: Arc<Logs>, session_id: i64, range: Range<u64>) -> impl Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(range, move |range| {
        let logs = logs.clone();
        async move {
            let most = usize::try_from(range.end - range.start).unwrap_or(PIECE).min(PIECE);
            if most == 0 {
                return Ok(None);
            }
            let piece = tokio::task::spawn_blocking(move || logs.read(session_id, range.start, most)).await??;
            // Its file was forgotten meanwhile: the answer breaks off instead of ending as if it were whole.
            if piece.is_empty() {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
            let next = range.start + piece.len() as u64..range.end;
            Ok(Some((Bytes::from(piece), next)))
        }
    })
}
