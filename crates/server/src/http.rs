//! HTTP: from a connection's request to the API and back.

use std::{net::IpAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Extension, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use bytes::{Bytes, BytesMut};
use cordboard_api::{Api, Incoming, Outgoing, body_limit, codes, error::Error, too_large, wire::Answer};
use http_body_util::BodyExt;
use ipnet::IpNet;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower_http::compression::{CompressionLayer, Predicate, predicate::SizeAbove};

use crate::{
    clock, files, logs,
    panel::{self, Transport},
    reference,
};

/// Bodies up to this size need no place in the shared room, bytes.
const SMALL_BODY_BYTES: usize = 64 * 1024;

/// Room for larger bodies that are being received, all together: 256 MiB in units of `SMALL_BODY_BYTES`.
const ROOM: usize = 4_096;

/// How long a request's body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(60);

/// Bytes of a refused body that are still read, so that the client sees the answer instead of a broken connection.
const DRAINED_BYTES: usize = 256 * 1024 * 1024;

/// Answers shorter than this are not worth compressing, bytes.
const COMPRESSED_FROM_BYTES: u64 = 1_024;

/// Kinds of answers that are compressed. Files that are streamed from the disk are not among them.
const COMPRESSED: [&str; 5] = ["application/json", "text/html", "text/javascript", "text/css", "image/svg+xml"];

pub struct Shared {
    pub api: Arc<Api>,
    pub trusted_proxies: Vec<IpNet>,
    /// Where the panel answers over TLS, for those who come in another way.
    pub panel_url: String,
    /// The name of this server's location.
    pub location: String,
    room: Arc<Semaphore>,
}

impl Shared {
    pub fn new(api: Arc<Api>, trusted_proxies: Vec<IpNet>, panel_url: String, location: &str) -> Arc<Self> {
        Arc::new(Self { api, trusted_proxies, panel_url, location: location.to_owned(), room: Arc::new(Semaphore::new(ROOM)) })
    }

    /// The caller's address: the peer's, or the nearest one in X-Forwarded-For that is no trusted proxy. `None` when a trusted
    /// proxy names a caller that cannot be read: taking the proxy for the caller would give it the proxy's rights.
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        let trusted = |ip: IpAddr| self.trusted_proxies.iter().any(|network| network.contains(&ip));
        let mut caller = peer.to_canonical();
        let hops: Vec<&[u8]> = headers.get_all("x-forwarded-for").iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).collect();
        for hop in hops.into_iter().rev() {
            if !trusted(caller) {
                break;
            }
            caller = address(std::str::from_utf8(hop).ok()?.trim())?;
        }
        Some(caller)
    }
}

/// An address with or without a port, and with or without brackets (RFC 7239 §6).
fn address(text: &str) -> Option<IpAddr> {
    let plain = || text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text).parse::<IpAddr>().ok();
    text.parse::<std::net::SocketAddr>().map(|address| address.ip()).ok().or_else(plain).map(|ip| ip.to_canonical())
}

pub fn router(shared: Arc<Shared>) -> Router {
    let large_text = SizeAbove::new(COMPRESSED_FROM_BYTES).and(|_: StatusCode, _: axum::http::Version, headers: &HeaderMap, _: &axum::http::Extensions| {
        headers.get(header::CONTENT_TYPE).is_some_and(|kind| COMPRESSED.iter().any(|compressed| kind.as_bytes().starts_with(compressed.as_bytes())))
    });
    Router::new()
        .merge(panel::routes(&shared))
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/getServerLocations", get(server_locations).post(server_locations))
        .route("/getMediaResources", get(media_resources).post(media_resources))
        .route("/logs/{id}/{token}", get(logs::serve))
        .merge(reference::routes())
        .fallback(platform_api)
        .layer(CompressionLayer::new().gzip(true).compress_when(large_text))
        .with_state(shared)
}

/// `/platform_api/METHOD`, `/platform_api/METHOD/` and `/platform_api` with `cmd`; anything else may be the panel's.
async fn platform_api(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>,
    Extension(transport): Extension<Transport>,
    request: Request,
) -> Response {
    let Some(rest) = request.uri().path().strip_prefix("/platform_api").filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
        return panel::fallback(&shared, peer, transport, request.method(), request.uri().path(), request.headers());
    };
    let path_method = Some(rest.trim_matches('/')).filter(|name| !name.is_empty()).map(str::to_owned);
    match *request.method() {
        Method::GET | Method::POST => {}
        Method::OPTIONS => return preflight(),
        _ => return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, POST, OPTIONS")], "Use GET or POST.\n").into_response(),
    }
    match receive_call(&shared, peer, path_method, request).await {
        Ok((incoming, _room)) => respond(shared.api.handle(incoming).await).await,
        Err(response) => response,
    }
}

/// A call with its body, and the room that it takes until it is answered; or why it cannot be one.
pub async fn receive_call(
    shared: &Shared,
    peer: std::net::SocketAddr,
    path_method: Option<String>,
    request: Request,
) -> Result<(Incoming, Option<OwnedSemaphorePermit>), Response> {
    let (parts, body) = request.into_parts();
    let Some(ip) = shared.caller(peer.ip(), &parts.headers) else {
        return Err((StatusCode::BAD_REQUEST, "X-Forwarded-For is not a list of addresses.\n").into_response());
    };
    let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let limit = body_limit(path_method.as_deref());
    let received = tokio::time::timeout(BODY_TIME, receive(&shared.room, body, limit)).await;
    let (body, room) = match received {
        Ok(Received::Whole(body, room)) => (body, room),
        Ok(Received::TooLarge) => return Err(respond(too_large(limit)).await),
        Ok(Received::NoRoom) => {
            return Err((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "Too many large requests at once; try again.\n").into_response());
        }
        Ok(Received::Broken) => return Err((StatusCode::BAD_REQUEST, "The request's body broke off.\n").into_response()),
        Err(_) => return Err((StatusCode::REQUEST_TIMEOUT, "The request's body took too long.\n").into_response()),
    };
    let incoming = Incoming {
        path_method,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        content_type: text(header::CONTENT_TYPE),
        // A header that is no text is no JWT either, but it was sent.
        authorization: parts.headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or_default().to_owned()),
        panel_session: None,
        body,
        ip,
        now: clock::now(),
    };
    Ok((incoming, room))
}

/// The values of `server_location` (semantics §1.7).
async fn server_locations(State(shared): State<Arc<Shared>>) -> Response {
    respond_json(&serde_json::json!({"result": [shared.location]})).await
}

/// Kinds of media resources that can be asked for, as `with_<kind>` (semantics §1.7).
const MEDIA_RESOURCES: [&str; 6] = ["nodes", "jsservers", "mediaservers", "webgateways", "sbcs", "videoconverters"];

/// The addresses of the kinds that the query asks for. There are none as long as there are no media.
async fn media_resources(uri: axum::http::Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    let asked = |kind: &&&str| query.split('&').any(|pair| pair.split('=').next().and_then(|name| name.strip_prefix("with_")) == Some(**kind));
    let lists: serde_json::Map<String, serde_json::Value> = MEDIA_RESOURCES.iter().filter(asked).map(|kind| ((*kind).to_owned(), serde_json::json!([]))).collect();
    respond_json(&lists.into()).await
}

async fn respond_json(answer: &serde_json::Value) -> Response {
    respond(Outgoing { answer: Answer::Json(answer.to_string().into_bytes()), code: None, method: None, status: 200 }).await
}

pub enum Received {
    Whole(Bytes, Option<OwnedSemaphorePermit>),
    TooLarge,
    NoRoom,
    Broken,
}

/// Collects a body within its limit. Larger ones need room, which they keep until they are answered.
pub async fn receive(room: &Arc<Semaphore>, body: Body, limit: usize) -> Received {
    let mut body = body;
    let mut held: Option<OwnedSemaphorePermit> = None;
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return Received::Broken };
        let Ok(data) = frame.into_data() else { continue };
        if whole.len() + data.len() > limit {
            return drain(body).await;
        }
        let units = (whole.len() + data.len()) / SMALL_BODY_BYTES;
        let more = units.saturating_sub(held.as_ref().map_or(0, OwnedSemaphorePermit::num_permits));
        if let Some(more) = u32::try_from(more).ok().filter(|more| *more > 0) {
            let Ok(permit) = room.clone().try_acquire_many_owned(more) else { return Received::NoRoom };
            match &mut held {
                Some(held) => held.merge(permit),
                None => held = Some(permit),
            }
        }
        whole.extend_from_slice(&data);
    }
    Received::Whole(whole.freeze(), held)
}

async fn drain(mut body: Body) -> Received {
    let mut drained = 0;
    while let Some(Ok(frame)) = body.frame().await {
        drained += frame.data_ref().map_or(0, Bytes::len);
        if drained > DRAINED_BYTES {
            break;
        }
    }
    Received::TooLarge
}

/// An answer to programs of any site, which bring their credentials themselves.
async fn respond(outgoing: Outgoing) -> Response {
    let mut response = answer(outgoing).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// An answer to this site alone.
pub async fn answer(outgoing: Outgoing) -> Response {
    tracing::debug!(method = outgoing.method, code = outgoing.code.map(|code| code.0), "answered");
    let mut response = match outgoing.answer {
        Answer::Json(body) => json(body),
        Answer::File { name, bytes } => files::attached(&name, bytes.into_response()),
        Answer::Stored(file) => match files::whole(&file.path).await {
            Some(body) => files::attached(&file.name, body),
            None => {
                let lost = Error::internal(codes::INTERNAL, format!("{} cannot be read", file.path.display()));
                match Outgoing::refused(outgoing.method, &lost.into()).answer {
                    Answer::Json(body) => json(body),
                    Answer::File { .. } | Answer::Stored(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
                }
            }
        },
    };
    *response.status_mut() = StatusCode::from_u16(outgoing.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// An answer that no method made, to this site alone.
pub fn json_text(answer: &serde_json::Value) -> Response {
    let mut response = json(answer.to_string().into_bytes());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn json(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_have_a_port_and_brackets() {
        for (text, wanted) in [
            ("192.0.2.1", "192.0.2.1"),
            ("192.0.2.1:4711", "192.0.2.1"),
            ("[2001:db8::1]:4711", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("::ffff:192.0.2.1", "192.0.2.1"),
        ] {
            assert_eq!(address(text), wanted.parse().ok(), "{text}");
        }
        for text in ["", "unknown", "192.0.2", "192.0.2.1, 192.0.2.2"] {
            assert_eq!(address(text), None, "{text}");
        }
    }
}
