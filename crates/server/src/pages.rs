//! What a browser sees until the control panel is there.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use crate::http::Shared;

const HOME: &str = include_str!("home.html");

/// The page with this server's address.
pub fn home_text(url: &str) -> String {
    HOME.replace("{{url}}", url)
}

pub async fn home(State(shared): State<Arc<Shared>>) -> impl IntoResponse {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_SECURITY_POLICY, axum::http::HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, axum::http::HeaderValue::from_static("nosniff"));
    (headers, Html(shared.home.clone()))
}

pub fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "Not found. The API is at /platform_api.\n").into_response()
}
