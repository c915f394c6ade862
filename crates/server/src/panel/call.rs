//! The browser phone at `/call`: its page, and the credentials of guests.

use axum::{http::HeaderMap, response::Response};

use super::{assets, guard};

/// The page, which alone may ask for the microphone.
pub async fn page(headers: HeaderMap) -> Response {
    guard::with_microphone(assets::call(&headers))
}
