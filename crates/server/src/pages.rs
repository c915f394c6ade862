//! Answers that are no page of the panel.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

pub fn not_found() -> Response {
    (StatusCode::NOT_FOUND, "Not found. The API is at /platform_api.\n").into_response()
}
