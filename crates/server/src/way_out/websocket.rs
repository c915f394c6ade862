use std::time::Duration;

use bytes::Bytes;
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use http_body_util::Full;
use hyper::{
    HeaderMap, Request,
    header::{self, HeaderName, HeaderValue},
    upgrade::Upgraded,
};
use hyper_util::rt::TokioIo;
use tokio::{
    sync::watch,
    time::{Instant, timeout, timeout_at},
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message,
        handshake::{client::generate_key, derive_accept_key},
        protocol::{CloseFrame, Role, WebSocketConfig, frame::coding::CloseCode},
    },
};
use url::Url;

use super::{
    HttpFailure, WayOut,
    dial::Chosen,
    head::{self, Head},
    http::{CONNECT_TIMEOUT, USER_AGENT},
    redirect,
};

/// Time at most until the WebSocket is open, the connection included.
pub const OPEN_TIMEOUT: Duration = Duration::from_secs(10);

/// Bytes of a message at most, either way: frames of audio have some kilobytes, and a session's memory is 16 MB.
pub const MAX_MESSAGE_BYTES: usize = 1024 * 1024;

/// How long a peer may leave a message unread before the connection counts as broken.
const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the peer has to answer a close.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(6);

/// Bytes that are read at once; each connection keeps as many.
const READ_BYTES: usize = 16 * 1024;

/// Bytes of a reason to close at most. RFC 6455 §5.5.
const REASON_BYTES: usize = 123;

/// No close came before the connection ended. RFC 6455 §7.4.1.
const ABNORMAL: u16 = 1006;

/// A close without a code. RFC 6455 §7.4.1.
const NO_CODE: u16 = 1005;

/// A WebSocket that an author wants.
#[derive(Clone, Debug)]
pub struct WsRequest {
    /// ws or wss.
    pub url: String,
    /// Sub-protocols, the preferred one first. A server that chooses none of them is taken nevertheless.
    pub protocols: Vec<String>,
    pub headers: Vec<(String, String)>,
    /// Lowers `OPEN_TIMEOUT`, never raises it.
    pub timeout: Duration,
}

impl WsRequest {
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), protocols: Vec::new(), headers: Vec::new(), timeout: OPEN_TIMEOUT }
    }
}

/// An open WebSocket. Dropping both halves closes the connection.
pub struct WsConnection {
    /// The sub-protocol that the server chose.
    pub protocol: Option<String>,
    /// The headers of the server's answer.
    pub headers: Vec<(String, String)>,
    pub sender: WsSender,
    pub receiver: WsReceiver,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WsToSend {
    Text(String),
    Binary(Vec<u8>),
    /// A code of RFC 6455 §7.4 that may be sent, and a reason of at most 123 bytes.
    Close {
        code: u16,
        reason: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WsReceived {
    Text(String),
    Binary(Vec<u8>),
    /// The last event, as is `Failed`. Not clean, with 1006, where the connection ended without a close.
    Close {
        code: u16,
        reason: String,
        was_clean: bool,
    },
    Failed(HttpFailure),
}

type Socket = WebSocketStream<TokioIo<Upgraded>>;

pub struct WsSender {
    sink: SplitSink<Socket, Message>,
    closing: watch::Sender<Option<Instant>>,
}

pub struct WsReceiver {
    stream: SplitStream<Socket>,
    closing: watch::Receiver<Option<Instant>>,
}

impl WayOut {
    /// Opens a WebSocket. Redirects are not followed.
    pub async fn connect(&self, request: WsRequest) -> Result<WsConnection, HttpFailure> {
        let within = request.timeout.min(OPEN_TIMEOUT);
        timeout(within, self.open_socket(request))
            .await
            .unwrap_or_else(|_| Err(HttpFailure::Timeout(format!("the WebSocket was not open within {} s", within.as_secs_f64()))))
    }

    async fn open_socket(&self, request: WsRequest) -> Result<WsConnection, HttpFailure> {
        let url = redirect::parse(&request.url, &["ws", "wss"])?;
        let key = generate_key();
        let mut upgrade = Request::new(Full::new(Bytes::new()));
        *upgrade.headers_mut() = handshake(&request, &url, &key)?;
        *upgrade.uri_mut() = head::target(&url).parse().map_err(|error| HttpFailure::BadUrl(format!("the URL's path or query cannot be sent: {error}")))?;
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else { return Err(HttpFailure::BadUrl("the URL has no host".to_owned())) };
        let tls = (url.scheme() == "wss").then_some(&self.0.trust.http);
        let stream = self.dial(&host, port, tls, Chosen::ByAuthor, CONNECT_TIMEOUT.min(request.timeout)).await?;
        let answer = head::exchange(stream, upgrade).await?;
        check(&answer.head, &key)?;
        let upgraded = hyper::upgrade::on(answer.response).await.map_err(|error| head::broken(&error))?;
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BYTES)
            .write_buffer_size(0)
            // One message that is being sent, and room for answers to pings and a close.
            .max_write_buffer_size(MAX_MESSAGE_BYTES + READ_BYTES)
            .max_message_size(Some(MAX_MESSAGE_BYTES))
            .max_frame_size(Some(MAX_MESSAGE_BYTES));
        let socket = WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, Some(config)).await;
        let (sink, stream) = socket.split();
        let (closing, closing_seen) = watch::channel(None);
        let protocol = value(&answer.head, "sec-websocket-protocol").map(ToOwned::to_owned);
        Ok(WsConnection { protocol, headers: answer.head.headers, sender: WsSender { sink, closing }, receiver: WsReceiver { stream, closing: closing_seen } })
    }
}

fn handshake(request: &WsRequest, url: &Url, key: &str) -> Result<HeaderMap, HttpFailure> {
    let mut headers = head::headers(&request.headers)?;
    headers.entry(header::USER_AGENT).or_insert(HeaderValue::from_static(USER_AGENT));
    head::add_headers_of_url(&mut headers, url)?;
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    headers.insert(header::SEC_WEBSOCKET_KEY, HeaderValue::from_str(key).map_err(|error| HttpFailure::Internal(error.to_string()))?);
    headers.remove(header::SEC_WEBSOCKET_EXTENSIONS);
    if !request.protocols.is_empty() {
        if let Some(wrong) = request.protocols.iter().find(|name| HeaderName::from_bytes(name.as_bytes()).is_err()) {
            return Err(HttpFailure::Internal(format!("'{}' is no name of a sub-protocol", wrong.escape_debug())));
        }
        let list = HeaderValue::from_str(&request.protocols.join(", ")).map_err(|error| HttpFailure::Internal(error.to_string()))?;
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, list);
    }
    Ok(headers)
}

fn check(head: &Head, key: &str) -> Result<(), HttpFailure> {
    let wrong = |text: String| Err(HttpFailure::Network(text));
    if head.status != 101 {
        return wrong(format!("the server answered {} and opened no WebSocket", head.status));
    }
    if !value(head, "upgrade").is_some_and(|name| name.eq_ignore_ascii_case("websocket"))
        || value(head, "sec-websocket-accept") != Some(&derive_accept_key(key.as_bytes()))
    {
        return wrong("the server's answer does not open a WebSocket".to_owned());
    }
    match value(head, "sec-websocket-extensions") {
        Some(extensions) if !extensions.is_empty() => wrong(format!("the server wants the WebSocket extensions '{}', which were not offered", extensions.escape_debug())),
        _ => Ok(()),
    }
}

fn value<'a>(head: &'a Head, name: &str) -> Option<&'a str> {
    head.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

impl WsSender {
    /// Sends and waits until the connection has taken the bytes, so that a slow peer slows its sender. A failure breaks the connection.
    pub async fn send(&mut self, message: WsToSend) -> Result<(), HttpFailure> {
        let closes = matches!(message, WsToSend::Close { .. });
        let message = into_message(message)?;
        if closes {
            self.closing.send_replace(Some(Instant::now() + CLOSE_TIMEOUT));
        }
        match timeout(SEND_TIMEOUT, self.sink.send(message)).await {
            Ok(sent) => sent.map_err(|error| failure(&error)),
            Err(_) => Err(HttpFailure::Timeout(format!("the peer did not take a message within {} s", SEND_TIMEOUT.as_secs()))),
        }
    }
}

fn into_message(message: WsToSend) -> Result<Message, HttpFailure> {
    let bounded = |length: usize| {
        if length > MAX_MESSAGE_BYTES {
            return Err(HttpFailure::TooLarge(format!("a message of {length} bytes is larger than {MAX_MESSAGE_BYTES}")));
        }
        Ok(())
    };
    match message {
        WsToSend::Text(text) => bounded(text.len()).map(|()| Message::Text(text.into())),
        WsToSend::Binary(bytes) => bounded(bytes.len()).map(|()| Message::Binary(bytes.into())),
        WsToSend::Close { code, reason } => {
            let close_code = CloseCode::from(code);
            if !close_code.is_allowed() || reason.len() > REASON_BYTES {
                return Err(HttpFailure::Internal(format!("code {code} with a reason of {} bytes cannot close a WebSocket", reason.len())));
            }
            Ok(Message::Close(Some(CloseFrame { code: close_code, reason: reason.into() })))
        }
    }
}

impl WsReceiver {
    /// The next event. Pings are answered meanwhile, so somebody has to wait here as long as the connection lives. Nothing is lost when the future is dropped.
    pub async fn receive(&mut self) -> WsReceived {
        let ended = WsReceived::Close { code: ABNORMAL, reason: String::new(), was_clean: false };
        loop {
            let deadline = *self.closing.borrow_and_update();
            let next = async {
                tokio::select! {
                    message = self.stream.next() => Some(message),
                    Ok(()) = self.closing.changed() => None,
                }
            };
            let next = match deadline {
                Some(at) => timeout_at(at, next).await,
                None => Ok(next.await),
            };
            match next {
                Err(_) | Ok(Some(None | Some(Err(Error::ConnectionClosed | Error::AlreadyClosed)))) => return ended,
                Ok(Some(Some(Err(error)))) => return if is_end(&error) { ended } else { WsReceived::Failed(failure(&error)) },
                Ok(Some(Some(Ok(Message::Text(text))))) => return WsReceived::Text(text.to_string()),
                Ok(Some(Some(Ok(Message::Binary(bytes))))) => return WsReceived::Binary(bytes.into()),
                Ok(Some(Some(Ok(Message::Close(frame))))) => {
                    // The answer to the peer's close leaves when the stream is read once more; the peer then ends the connection.
                    let _ = timeout(CLOSE_TIMEOUT, self.stream.next()).await;
                    let (code, reason) = frame.map_or((NO_CODE, String::new()), |frame| (frame.code.into(), frame.reason.to_string()));
                    return WsReceived::Close { code, reason, was_clean: true };
                }
                Ok(None | Some(Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))))) => {}
            }
        }
    }
}

/// The connection ended without a close, which is how many servers end one.
fn is_end(error: &Error) -> bool {
    match error {
        Error::Protocol(protocol) => matches!(protocol, tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake),
        Error::Io(error) => matches!(error.kind(), std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::UnexpectedEof | std::io::ErrorKind::BrokenPipe),
        _ => false,
    }
}

fn failure(error: &Error) -> HttpFailure {
    match error {
        Error::Capacity(error) => HttpFailure::TooLarge(format!("a message is too large: {error}")),
        error => HttpFailure::Network(format!("the WebSocket broke: {error}")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio_tungstenite::{
        accept_async, accept_hdr_async,
        tungstenite::handshake::server::{ErrorResponse, Request as Asked, Response as Answered},
    };

    use super::{
        super::testing::{Answer, Ca, LOOPBACK, Listening, Site, Wire, local, way_out, with},
        *,
    };

    /// Chooses `audio` where it is offered, copies the author's header into its answer, and echoes.
    async fn echo(wire: Box<dyn Wire>) {
        #[allow(clippy::result_large_err)]
        let choose = |asked: &Asked, mut answered: Answered| -> Result<Answered, ErrorResponse> {
            let headers = answered.headers_mut();
            if let Some(own) = asked.headers().get("x-own") {
                headers.insert("x-copied", own.clone());
            }
            if asked.headers().get("sec-websocket-protocol").is_some_and(|offered| offered.to_str().unwrap().contains("audio")) {
                headers.insert("sec-websocket-protocol", HeaderValue::from_static("audio"));
            }
            Ok(answered)
        };
        let mut socket = accept_hdr_async(wire, choose).await.unwrap();
        while let Some(Ok(message)) = socket.next().await {
            if message.is_text() || message.is_binary() {
                socket.send(Message::Ping("still there?".into())).await.unwrap();
                socket.send(message).await.unwrap();
            }
        }
    }

    async fn opened(listening: &Listening) -> WsConnection {
        way_out(LOOPBACK, local).connect(WsRequest::new(&format!("ws://{}/path?q=1", listening.address))).await.unwrap()
    }

    #[tokio::test]
    async fn messages_go_both_ways_with_headers_and_a_protocol() {
        let server = Listening::start(None, echo).await;
        let mut request = WsRequest::new(&format!("ws://{}/path?q=1", server.address));
        request.protocols = vec!["chat".to_owned(), "audio".to_owned()];
        request.headers = vec![("X-Own".to_owned(), "mine".to_owned()), ("Sec-WebSocket-Extensions".to_owned(), "permessage-deflate".to_owned())];
        let mut connection = way_out(LOOPBACK, local).connect(request).await.unwrap();
        assert_eq!(connection.protocol.as_deref(), Some("audio"));
        assert!(connection.headers.contains(&("x-copied".to_owned(), "mine".to_owned())), "{:?}", connection.headers);
        for (sent, received) in [
            (WsToSend::Text("h\u{e4}llo".to_owned()), WsReceived::Text("h\u{e4}llo".to_owned())),
            (WsToSend::Binary(vec![0, 255]), WsReceived::Binary(vec![0, 255])),
            (WsToSend::Text("x".repeat(MAX_MESSAGE_BYTES)), WsReceived::Text("x".repeat(MAX_MESSAGE_BYTES))),
        ] {
            connection.sender.send(sent).await.unwrap();
            assert!(connection.receiver.receive().await == received);
        }
        connection.sender.send(WsToSend::Close { code: 3_000, reason: "bye".to_owned() }).await.unwrap();
        assert_eq!(connection.receiver.receive().await, WsReceived::Close { code: 3_000, reason: "bye".to_owned(), was_clean: true });
        assert_eq!(connection.sender.send(WsToSend::Text("late".to_owned())).await.unwrap_err().code(), -6);
    }

    #[tokio::test]
    async fn a_server_that_chooses_no_protocol_is_taken() {
        let server = Listening::start(None, echo).await;
        let mut request = WsRequest::new(&format!("ws://{}", server.address));
        request.protocols = vec!["chat".to_owned()];
        assert_eq!(way_out(LOOPBACK, local).connect(request).await.unwrap().protocol, None);
    }

    #[tokio::test]
    async fn a_close_of_the_server_is_answered_and_has_its_code() {
        let (seen, mut answered) = tokio::sync::mpsc::channel(1);
        let server = Listening::start(None, move |wire| {
            let seen = seen.clone();
            async move {
                let mut socket = accept_async(wire).await.unwrap();
                socket.close(Some(CloseFrame { code: CloseCode::from(4_001), reason: "later".into() })).await.unwrap();
                seen.send(socket.next().await).await.unwrap();
            }
        })
        .await;
        let mut connection = opened(&server).await;
        assert_eq!(connection.receiver.receive().await, WsReceived::Close { code: 4_001, reason: "later".to_owned(), was_clean: true });
        assert!(matches!(answered.recv().await, Some(Some(Ok(Message::Close(Some(frame)))) ) if frame.code == CloseCode::from(4_001)));
        assert!(matches!(connection.receiver.receive().await, WsReceived::Close { code: ABNORMAL, was_clean: false, .. }));
    }

    #[tokio::test]
    async fn a_connection_that_breaks_off_is_not_closed_cleanly() {
        let server = Listening::start(None, |wire| async move { drop(accept_async(wire).await.unwrap()) }).await;
        assert_eq!(opened(&server).await.receiver.receive().await, WsReceived::Close { code: 1_006, reason: String::new(), was_clean: false });
    }

    #[tokio::test]
    async fn a_close_that_nobody_answers_ends_in_time() {
        let server = Listening::start(None, |wire| async move {
            let _socket = accept_async(wire).await.unwrap();
            std::future::pending().await
        })
        .await;
        let mut connection = opened(&server).await;
        connection.sender.send(WsToSend::Close { code: 1_000, reason: String::new() }).await.unwrap();
        tokio::time::pause();
        let received = timeout(CLOSE_TIMEOUT * 2, connection.receiver.receive()).await.unwrap();
        assert_eq!(received, WsReceived::Close { code: 1_006, reason: String::new(), was_clean: false });
    }

    #[tokio::test]
    async fn a_peer_that_reads_nothing_fails_its_sender_in_time() {
        let server = Listening::start(None, |wire| async move {
            let _socket = accept_async(wire).await.unwrap();
            std::future::pending().await
        })
        .await;
        let mut connection = opened(&server).await;
        tokio::time::pause();
        let failure = loop {
            // The sockets' buffers take some messages first.
            if let Err(failure) = connection.sender.send(WsToSend::Binary(vec![0; MAX_MESSAGE_BYTES])).await {
                break failure;
            }
        };
        assert_eq!(failure.code(), -7, "{failure}");
    }

    #[tokio::test]
    async fn a_message_that_is_too_large_fails() {
        let server = Listening::start(None, |wire| async move {
            let mut socket = accept_async(wire).await.unwrap();
            socket.send(Message::binary(vec![0; MAX_MESSAGE_BYTES + 1])).await.unwrap();
            while let Some(Ok(_)) = socket.next().await {}
        })
        .await;
        let mut connection = opened(&server).await;
        assert!(matches!(connection.receiver.receive().await, WsReceived::Failed(HttpFailure::TooLarge(_))));
        assert_eq!(connection.sender.send(WsToSend::Binary(vec![0; MAX_MESSAGE_BYTES + 1])).await.unwrap_err().code(), -9);
        for (code, reason) in [(1_005, ""), (999, ""), (1_000, "x".repeat(124).as_str())] {
            assert_eq!(connection.sender.send(WsToSend::Close { code, reason: reason.to_owned() }).await.unwrap_err().code(), -8, "{code}");
        }
    }

    #[tokio::test]
    async fn an_answer_that_opens_no_websocket_is_a_network_failure() {
        let switched = "HTTP/1.1 101 Switching\nUpgrade: websocket\nConnection: Upgrade\n";
        for (answer, named) in [
            ("HTTP/1.1 403 No\n\n".to_owned(), "403"),
            ("HTTP/1.1 302 Found\nLocation: /\n\n".to_owned(), "302"),
            (format!("{switched}\n"), "does not open"),
            (format!("{switched}Sec-WebSocket-Accept: AAAA\n\n"), "does not open"),
            ("nonsense\n\n".to_owned(), "broke"),
        ] {
            let site = Site::start(move |_| Answer::text(&answer)).await;
            let failure = way_out(LOOPBACK, local).connect(WsRequest::new(&site.url("/").replace("http", "ws"))).await.err().unwrap();
            assert!(failure.code() == -6 && failure.text().contains(named), "{failure}");
        }
    }

    #[tokio::test]
    async fn extensions_that_were_not_offered_are_refused() {
        let site = Site::start(|request| {
            let key = request.split("Sec-Websocket-Key: ").nth(1).unwrap().lines().next().unwrap();
            let accept = derive_accept_key(key.as_bytes());
            Answer::text(&format!(
                "HTTP/1.1 101 Go\nUpgrade: WebSocket\nConnection: Upgrade\nSec-WebSocket-Accept: {accept}\nSec-WebSocket-Extensions: permessage-deflate\n\n"
            ))
        })
        .await;
        let failure = way_out(LOOPBACK, local).connect(WsRequest::new(&site.url("/").replace("http", "ws"))).await.err().unwrap();
        assert!(failure.code() == -6 && failure.text().contains("permessage-deflate"), "{failure}");
    }

    #[tokio::test]
    async fn a_refused_address_and_a_wrong_request_reach_nobody() {
        let server = Listening::start(None, |_| async { panic!("nobody connects") }).await;
        let guarded = way_out(&[], local);
        for host in ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "name.example"] {
            let failure = guarded.connect(WsRequest::new(&format!("ws://{host}:{}/", server.port()))).await.err().unwrap();
            assert!(matches!(failure, HttpFailure::Refused(_)), "{host}: {failure}");
        }
        let mut request = WsRequest::new(&format!("http://{}", server.address));
        assert_eq!(guarded.connect(request.clone()).await.err().unwrap().code(), -2);
        request.url = format!("ws://{}", server.address);
        request.protocols = vec!["a b".to_owned()];
        assert_eq!(guarded.connect(request).await.err().unwrap().code(), -8);
    }

    #[tokio::test]
    async fn a_server_that_never_answers_is_given_up() {
        let site = Site::start(|_| Answer::Stalled(Vec::new())).await;
        let mut request = WsRequest::new(&site.url("/").replace("http", "ws"));
        request.timeout = Duration::from_millis(200);
        assert!(matches!(way_out(LOOPBACK, local).connect(request).await.err().unwrap().code(), -7 | -4));
    }

    #[tokio::test]
    async fn wss_verifies_the_name() {
        let ca = Ca::new();
        let server = Listening::start(Some(ca.acceptor("ws.example")), echo).await;
        let trusting = with(LOOPBACK, local, ca.root(), "");
        let url = |host: &str| format!("wss://{host}:{}/", server.port());
        let mut connection = trusting.connect(WsRequest::new(&url("ws.example"))).await.unwrap();
        connection.sender.send(WsToSend::Text("hidden".to_owned())).await.unwrap();
        assert_eq!(connection.receiver.receive().await, WsReceived::Text("hidden".to_owned()));
        assert_eq!(trusting.connect(WsRequest::new(&url("other.example"))).await.err().unwrap().code(), -4);
    }
}
