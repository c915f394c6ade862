//! SIP over WebSocket at `/sip` (RFC 7118).

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    extract::{
        ConnectInfo, State, WebSocketUpgrade,
        ws::{Message, WebSocket},
    },
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use cordboard_sip::{Flow, Input, Transport};
use cordboard_switch as switch;
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout_at;

use super::{
    Calls,
    connections::{self, Place as Entered, put},
};
use crate::{http::Shared, panel};

/// A message at most, bytes; what a datagram may have.
const MESSAGE_BYTES: usize = 64 * 1024;

/// How long a connection may be silent over which somebody proved himself.
const IDLE_TIME: Duration = Duration::from_secs(180);

/// How often the peer is asked whether it is there; browsers answer by themselves (RFC 6455 §5.5.2).
const PING_EVERY: Duration = Duration::from_secs(60);

/// How long a message may take to be sent.
const SEND_TIME: Duration = Duration::from_secs(10);

pub fn routes(calls: Arc<Calls>, shared: Arc<Shared>) -> Router {
    Router::new().route("/sip", get(upgrade)).with_state((calls, shared))
}

async fn upgrade(
    State((calls, shared)): State<(Arc<Calls>, Arc<Shared>)>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(transport): Extension<panel::Transport>,
    place: Option<Extension<crate::connections::Place>>,
    headers: HeaderMap,
    socket: WebSocketUpgrade,
) -> Response {
    // RFC 7118 §5.1: the client offers `sip`, and without it does not speak it.
    let offered = headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    if !offered.flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("sip")) {
        return (StatusCode::BAD_REQUEST, "SIP over WebSocket needs the sub-protocol 'sip' (RFC 7118 §5.1).\n").into_response();
    }
    // Bans and limits are the browser's, not those of the proxy that all browsers come through.
    let Some(ip) = shared.caller(peer.ip(), &headers) else {
        return (StatusCode::BAD_REQUEST, "A trusted proxy names a caller that cannot be read.\n").into_response();
    };
    let remote = SocketAddr::new(ip, peer.port());
    let Some(entered) = calls.connections.enter(remote, connections::Side::Peer, IDLE_TIME) else {
        return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "10")], "Too many SIP connections.\n").into_response();
    };
    let number = entered.number;
    let transport = if transport == panel::Transport::Tls { Transport::Wss } else { Transport::Ws };
    let flow = Flow { transport, local: calls.address, remote, connection: number };
    let socket = socket.protocols(["sip"]).max_message_size(MESSAGE_BYTES).max_frame_size(MESSAGE_BYTES);
    let failed = calls.clone();
    socket
        .on_failed_upgrade(move |_| failed.connections.leave(number))
        .on_upgrade(move |socket| async move {
            let _place = place;
            serve(&calls, socket, flow, entered).await;
            calls.connections.leave(number);
            put(&calls, switch::Input::Sip(Input::Closed { flow })).await;
        })
        .into_response()
}

async fn serve(calls: &Arc<Calls>, socket: WebSocket, flow: Flow, entered: Entered) {
    let Entered { mut outgoing, mut patience, .. } = entered;
    let (mut sender, mut receiver) = socket.split();
    let receive = async {
        loop {
            let message = match timeout_at(patience.until(), receiver.next()).await {
                Ok(Some(Ok(message))) => message,
                // It was proved meanwhile.
                Err(_) if !patience.is_over() => continue,
                _ => return,
            };
            let bytes = match message {
                Message::Text(text) => text.as_str().as_bytes().to_vec(),
                Message::Binary(bytes) => bytes.to_vec(),
                Message::Close(_) => return,
                // Who has said nothing of SIP yet gains no time by pings.
                Message::Ping(_) | Message::Pong(_) if patience.has_spoken() => {
                    patience.spoke();
                    continue;
                }
                Message::Ping(_) | Message::Pong(_) => continue,
            };
            patience.spoke();
            put(calls, switch::Input::Sip(Input::Packet { flow, bytes })).await;
        }
    };
    let send = async {
        let mut pings = tokio::time::interval(PING_EVERY);
        loop {
            let message = tokio::select! {
                bytes = outgoing.recv() => match bytes.map(String::from_utf8) {
                    Some(Ok(text)) => Message::Text(text.into()),
                    Some(Err(error)) => Message::Binary(error.into_bytes().into()),
                    None => break,
                },
                _ = pings.tick() => Message::Ping(Vec::new().into()),
            };
            if !matches!(tokio::time::timeout(SEND_TIME, sender.send(message)).await, Ok(Ok(()))) {
                return;
            }
        }
        let _ = sender.send(Message::Close(None)).await;
    };
    tokio::select! { () = receive => {}, () = send => {} }
}
