//! Texts that are made once and answered as long as the server runs.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;

/// Nothing from elsewhere, no script or style in the page's own text.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A text with its type and its tag.
#[derive(Clone)]
pub struct Text {
    kind: &'static str,
    bytes: Bytes,
    tag: String,
}

impl Text {
    pub fn new(kind: &'static str, text: impl Into<Bytes>) -> Self {
        let bytes = text.into();
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        Self { kind, tag: format!("W/\"{:016x}\"", hasher.finish()), bytes }
    }

    /// The text, or 304 to a client that has it.
    pub fn answer(&self, asked: &HeaderMap) -> Response {
        let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let known = known.flat_map(|value| value.split(',')).any(|tag| tag.trim() == "*" || tag.trim().trim_start_matches("W/") == self.tag.trim_start_matches("W/"));
        let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { self.bytes.clone().into_response() };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Ok(tag) = HeaderValue::from_str(&self.tag) {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}
