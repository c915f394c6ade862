//! The web panel over HTTP: its files, signing in and out, and the API by cookie.

mod assets;
mod call;
mod guard;
mod session;

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    extract::{ConnectInfo, Extension, Request, State},
    http::{HeaderMap, Method, header},
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};
use guard::Site;
pub use guard::Transport;

use crate::{http::Shared, pages};

/// The routes of the panel but its own addresses, which `fallback` answers.
pub fn routes(shared: &Arc<Shared>) -> Router<Arc<Shared>> {
    Router::new()
        .route("/assets/{*path}", get(assets::hashed))
        .route("/call", get(call::page))
        .route("/call/guest", get(call::guests).post(call::guest))
        .route("/panel/sign-in", post(session::sign_in))
        .route("/panel/sign-out", post(session::sign_out))
        .route("/panel/api/{method}", get(session::download).post(session::call))
        .route_layer(middleware::from_fn_with_state(shared.clone(), admit))
}

/// Lets a request through that came in over TLS or from this machine.
async fn admit(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(transport): Extension<Transport>,
    mut request: Request,
    next: Next,
) -> Response {
    match Site::of(&shared, peer.ip(), transport, request.headers()) {
        Some(site) => {
            request.extensions_mut().insert(site);
            guard::harden(next.run(request).await)
        }
        None => guard::harden(guard::turned_away(&shared)),
    }
}

/// What is no other route: a file of the panel, or an address of the panel in a browser; anything else is not found.
pub fn fallback(shared: &Shared, peer: SocketAddr, transport: Transport, method: &Method, path: &str, headers: &HeaderMap) -> Response {
    let browser = headers.get_all(header::ACCEPT).iter().any(|value| value.as_bytes().windows(9).any(|part| part == b"text/html"));
    let file = assets::find(path.trim_start_matches('/')).filter(|_| !["/index.html", "/call.html"].contains(&path));
    if ![Method::GET, Method::HEAD].contains(method) || (file.is_none() && (!(browser || path == "/") || path.starts_with("/panel/"))) {
        return pages::not_found();
    }
    if Site::of(shared, peer.ip(), transport, headers).is_none() {
        return guard::harden(guard::turned_away(shared));
    }
    guard::harden(file.map_or_else(|| assets::index(headers), |file| assets::respond(file, headers)))
}
