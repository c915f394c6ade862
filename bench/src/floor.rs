//! The floor of reads: the same HTTP library, which verifies the JWT and answers a constant.

use std::sync::Arc;

use anyhow::Result;
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, header},
    routing::{get, post},
};
use jsonwebtoken::{Algorithm, DecodingKey};

/// As long as the answer it stands for.
const ANSWER: &str = r#"{"result":[{"role_id":2,"role_name":"Admin","gui_only":false}]}"#;

/// Serves on a free port, which it prints. `key` is a file with the public key in PEM.
pub fn serve(key: &str) -> Result<()> {
    let key = Arc::new(DecodingKey::from_rsa_pem(&std::fs::read(key)?)?);
    let handler = move |headers: HeaderMap, _body: Bytes| {
        let key = key.clone();
        async move {
            let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
            let (signed, signature) = token.rsplit_once('.').unwrap_or_default();
            let good = jsonwebtoken::crypto::verify(signature, signed.as_bytes(), &key, Algorithm::RS256).unwrap_or(false);
            ([(header::CONTENT_TYPE, "application/json")], if good { ANSWER } else { "{}" })
        }
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    println!("{}", listener.local_addr()?.port());
    let app = Router::new().route("/platform_api/GetKeyRoles", post(handler)).route("/bare", get(|| async { "ok" })).into_make_service();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async { axum_server::from_tcp(listener)?.serve(app).await.map_err(Into::into) })
}
