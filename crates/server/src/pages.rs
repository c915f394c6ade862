//! What a browser sees until the control panel is there.

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

const HOME: &str = include_str!("home.html");

pub async fn home() -> impl IntoResponse {
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_SECURITY_POLICY, axum::http::HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, axum::http::HeaderValue::from_static("nosniff"));
    (headers, Html(HOME))
}

pub fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "Not found. The API is at /platform_api.\n").into_response()
}
