//! Files from the disk, streamed: no file is in memory as a whole.

use std::path::Path;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower_http::services::ServeFile;

/// Headers of a request that a file's answer depends on: parts of it, and copies that the caller has.
const CONDITIONS: [header::HeaderName; 5] = [header::RANGE, header::IF_RANGE, header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE, header::ACCEPT_RANGES];

/// The whole file, or nothing when it cannot be read.
pub async fn whole(path: &Path) -> Option<Response> {
    let response = part(path, "application/octet-stream", Method::GET, &HeaderMap::new()).await?;
    (response.status() == StatusCode::OK).then_some(response)
}

/// The part of the file that a GET or HEAD asks for; nothing when it cannot be read, which is in the log unless the file is
/// simply not there.
pub async fn part(path: &Path, content_type: &'static str, method: Method, headers: &HeaderMap) -> Option<Response> {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    for (name, value) in CONDITIONS.into_iter().filter_map(|name| headers.get(&name).map(|value| (name.clone(), value.clone()))) {
        request.headers_mut().insert(name, value);
    }
    match ServeFile::new(path).try_call(request).await {
        Ok(response) if response.status() == StatusCode::NOT_FOUND => None,
        Ok(response) => {
            let mut response = response.map(Body::new).into_response();
            if response.headers().contains_key(header::CONTENT_TYPE) {
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            }
            Some(response)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            tracing::error!("{}: {error}", path.display());
            None
        }
    }
}

/// A file to save under a name. The type is exactly `application/octet-stream`, which the official clients compare.
pub fn attached(name: &str, mut response: Response) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).unwrap_or_else(|_| HeaderValue::from_static("attachment"));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    response
}
