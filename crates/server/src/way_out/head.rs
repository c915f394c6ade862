//! One exchange of HTTP/1.1 over a connection of its own, with the answer's head as it was on the wire.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    HeaderMap, Request, Response,
    body::Incoming,
    header::{self, HeaderName, HeaderValue},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    task::JoinSet,
};
use url::Url;

use super::{HttpFailure, dial::Stream};

/// Bytes of an answer's head at most, interim answers included.
const HEAD_BYTES: usize = 64 * 1024;

/// Headers of an answer at most.
const HEADERS: usize = 256;

/// Headers that say how this connection carries the message; what an author says of that is left out.
const OF_THE_CONNECTION: [HeaderName; 9] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// An author's headers, without those of the connection. A line break, or a name that is none, is refused with the header's name.
pub fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, HttpFailure> {
    let mut map = HeaderMap::new();
    for (name, value) in pairs {
        let parsed = HeaderName::from_bytes(name.trim().as_bytes()).map_err(|_| HttpFailure::Internal(format!("'{}' is no name of a header", name.escape_debug())))?;
        let value = HeaderValue::from_bytes(value.trim().as_bytes())
            .map_err(|_| HttpFailure::Internal(format!("the value of the header {parsed} has a line break or another control character")))?;
        if !OF_THE_CONNECTION.contains(&parsed) {
            map.try_append(parsed, value).map_err(|_| HttpFailure::Internal("there are too many headers".to_owned()))?;
        }
    }
    Ok(map)
}

/// `Host`, and the proof of who asks that a URL with a name and password carries; what the author said of either wins.
pub fn add_headers_of_url(map: &mut HeaderMap, url: &Url) -> Result<(), HttpFailure> {
    let unfit = |_| HttpFailure::BadUrl("the URL has a character that no header can have".to_owned());
    if !map.contains_key(header::HOST) {
        let host = url.host_str().unwrap_or_default();
        let text = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        map.insert(header::HOST, HeaderValue::from_str(&text).map_err(unfit)?);
    }
    if !map.contains_key(header::AUTHORIZATION) && (!url.username().is_empty() || url.password().is_some()) {
        let mut pair = percent_decoded(url.username());
        pair.push(b':');
        pair.extend(percent_decoded(url.password().unwrap_or_default()));
        map.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Basic {}", BASE64_STANDARD.encode(pair))).map_err(unfit)?);
    }
    Ok(())
}

pub fn percent_decoded(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(text).collect()
}

/// The path and query that stand in the request's first line.
pub fn target(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

/// What precedes an answer's body.
#[derive(Debug)]
pub struct Head {
    pub status: u16,
    /// In the order and spelling of the wire, repeated ones as often as they came.
    pub headers: Vec<(String, String)>,
    /// The first line and the headers, to the empty line.
    pub raw: String,
}

/// An answer whose body is still to be read. Dropping it closes the connection.
pub struct Exchange {
    pub head: Head,
    pub response: Response<Incoming>,
    pub _connection: JoinSet<()>,
}

/// Sends a request and waits for the head of its answer.
pub async fn exchange(stream: Stream, request: Request<Full<Bytes>>) -> Result<Exchange, HttpFailure> {
    let seen = Arc::new(Mutex::new(Some(Vec::new())));
    let recorded = Recorded { inner: stream, seen: Arc::clone(&seen) };
    let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
        .title_case_headers(true)
        .allow_spaces_after_header_name_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .ignore_invalid_headers_in_responses(true)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .handshake(TokioIo::new(recorded))
        .await
        .map_err(|error| broken(&error))?;
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        // What breaks the connection reaches the waiting request or the body's reader.
        let _ = connection.with_upgrades().await;
    });
    let response = sender.send_request(request).await.map_err(|error| broken(&error))?;
    let bytes = seen.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
    let head = parse(&bytes).ok_or_else(|| HttpFailure::Network(format!("the answer's head is not HTTP/1, or larger than {HEAD_BYTES} bytes")))?;
    Ok(Exchange { head, response, _connection: tasks })
}

pub fn broken(error: &hyper::Error) -> HttpFailure {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
    HttpFailure::Network(format!("the connection broke: {error}{cause}"))
}

/// The last head in these bytes: interim answers come before it.
fn parse(mut bytes: &[u8]) -> Option<Head> {
    let mut config = httparse::ParserConfig::default();
    config.allow_spaces_after_header_name_in_responses(true).allow_obsolete_multiline_headers_in_responses(true).ignore_invalid_headers_in_responses(true);
    loop {
        let mut slots = [httparse::EMPTY_HEADER; HEADERS];
        let mut response = httparse::Response::new(&mut slots);
        let Ok(httparse::Status::Complete(length)) = config.parse_response(&mut response, bytes) else { return None };
        let status = response.code?;
        if (100..200).contains(&status) && status != 101 {
            bytes = bytes.get(length..)?;
            continue;
        }
        let headers = response.headers.iter().map(|header| (header.name.to_owned(), text(header.value))).collect();
        return Some(Head { status, headers, raw: text(bytes.get(..length)?) });
    }
}

/// UTF-8 where it is, else Latin-1, as headers once were.
fn text(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), ToOwned::to_owned)
}

/// Keeps what is read until the head is taken out, because the parsed head has lost order and spelling.
struct Recorded {
    inner: Stream,
    seen: Arc<Mutex<Option<Vec<u8>>>>,
}

impl AsyncRead for Recorded {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let done = Pin::new(&mut self.inner).poll_read(cx, buffer);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seen) = seen.as_mut() {
            let room = HEAD_BYTES.saturating_sub(seen.len());
            seen.extend(buffer.filled().iter().skip(before).take(room));
        }
        drop(seen);
        done
    }
}

impl AsyncWrite for Recorded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
