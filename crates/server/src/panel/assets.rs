//! The panel's files, which are part of the program.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use cordboard_api::password::hex;
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::pages;

#[derive(RustEmbed)]
#[folder = "../../panel/dist"]
#[allow_missing = true]
struct Files;

/// The names that the build found: a change has the files embedded again.
const _: &str = env!("CORDBOARD_PANEL_NAMES");

const INDEX: &str = "index.html";

/// The browser phone, a page of its own.
const CALL: &str = "call.html";

/// What is served when the panel was not there at the build.
const ABSENT: &str = "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Cordboard</title>\n\
    <p>This build of Cordboard has no control panel, because panel/dist was absent. The API answers at /platform_api.</p>\n</html>\n";

/// A file with its type.
pub struct File {
    content_type: &'static str,
    embedded: EmbeddedFile,
}

pub fn find(name: &str) -> Option<File> {
    let embedded = Files::get(name)?;
    let content_type = match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    };
    Some(File { content_type, embedded })
}

/// The page that every address of the panel begins with.
pub fn index(headers: &HeaderMap) -> Response {
    find(INDEX).map_or_else(|| Html(ABSENT).into_response(), |file| respond(file, headers))
}

/// The page of the browser phone.
pub fn call(headers: &HeaderMap) -> Response {
    find(CALL).map_or_else(|| Html(ABSENT).into_response(), |file| respond(file, headers))
}

/// A file whose name may stay while its content changes: a browser asks whether it has.
pub fn respond(file: File, headers: &HeaderMap) -> Response {
    // Weak, because the same file may be sent compressed.
    let tag = format!("W/\"{}\"", hex(file.embedded.metadata.sha256_hash().get(..16).unwrap_or_default()));
    let mut response = if is_known(&tag, headers) { StatusCode::NOT_MODIFIED.into_response() } else { whole(file) };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Whether the browser has what bears the tag.
fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().any(|value| value.to_str().is_ok_and(|tags| tags.split(',').any(|other| other.trim() == tag)))
}

/// A file whose name has the hash of its content: a browser keeps it.
pub async fn hashed(Path(path): Path<String>) -> Response {
    let Some(file) = find(&format!("assets/{path}")) else { return pages::not_found() };
    let mut response = whole(file);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

fn whole(file: File) -> Response {
    ([(header::CONTENT_TYPE, file.content_type)], file.embedded.data.into_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_has_a_file_says_so_by_its_tag() {
        let asks = |tags: &'static str| is_known("W/\"1\"", &HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(tags))]));
        assert!(asks("W/\"1\"") && asks("W/\"0\", W/\"1\""));
        assert!(!asks("W/\"0\"") && !asks("\"1\"") && !asks(""));
    }

    #[test]
    fn there_is_always_a_page() {
        assert_eq!(index(&HeaderMap::new()).status(), StatusCode::OK);
    }

    #[test]
    fn there_is_no_way_out_of_the_folder() {
        for name in ["../Cargo.toml", "/etc/passwd", "assets/../../Cargo.toml", ""] {
            assert!(find(name).is_none(), "{name}");
        }
    }
}
