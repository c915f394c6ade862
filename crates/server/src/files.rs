//! Files from the disk, streamed: no file is in memory as a whole.

use std::path::Path;

use axum::{
    body::Body,
    http::{HeaderValue, Request, StatusCode, header},
    response::{IntoResponse, Response},
};
use tower_http::services::ServeFile;

/// The whole file, or nothing when it cannot be read, which is in the log unless the file is simply not there.
pub async fn whole(path: &Path) -> Option<Response> {
    match ServeFile::new(path).try_call(Request::new(Body::empty())).await {
        Ok(response) if response.status() == StatusCode::OK => Some(response.map(Body::new).into_response()),
        Ok(_) => None,
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
