//! The reference at `/docs`, made from the catalogue when it is first asked for.

mod serve;

use std::sync::{Arc, LazyLock};

use axum::{Router, http::HeaderMap, routing::get};
use cordboard_api::listing;

use crate::http::Shared;
use serve::Text;

const JSON: &str = "application/json";

static METHODS: LazyLock<Text> = LazyLock::new(|| Text::new(JSON, listing::all().to_string()));

pub fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/docs/methods.json", get(async |headers: HeaderMap| METHODS.answer(&headers)))
}
