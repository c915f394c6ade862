//! WebSockets: their numbers and limits. Opening and closing them is the driver's.

use rquickjs::Ctx;

use super::{Bytes, Ops, is_token, js, native, thrown};
use crate::{
    host::{Host, Socket},
    io::{Message, Output, WebSocketRequest},
    limits,
};

/// A client at the control URL: an own number for its socket, or why it is refused.
pub fn arrive(host: &mut Host, arrival: u64) -> Result<u64, String> {
    let most = host.calls.len() + limits::SOCKETS_IN;
    let refusal = if !host.sockets_allowed {
        Some("The scenario takes no WebSocket connections: it did not call VoxEngine.allowWebSocketConnections.".to_owned())
    } else if host.incoming_sockets() >= most {
        Some(format!("There may be {most} incoming WebSocket connections: the session's calls and {} more.", limits::SOCKETS_IN))
    } else {
        None
    };
    if let Some(reason) = refusal {
        host.outputs.push_back(Output::SocketRefuse { arrival, reason: reason.clone() });
        return Err(reason);
    }
    let socket = host.number();
    host.sockets.insert(socket, Socket::Incoming);
    host.outputs.push_back(Output::SocketAccept { arrival, socket });
    Ok(socket)
}

fn connect(host: &mut Host, request: WebSocketRequest) -> Result<u64, String> {
    host.running("A WebSocket")?;
    let size: usize =
        request.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum::<usize>() + request.protocols.iter().map(|name| name.len() + 2).sum::<usize>();
    if request.url.len() > limits::URL_BYTES || size > limits::HEADERS_BYTES {
        return Err(format!("the URL of a WebSocket may have {} bytes, its headers and sub-protocols {}", limits::URL_BYTES, limits::HEADERS_BYTES));
    }
    if !request.url.starts_with("ws://") && !request.url.starts_with("wss://") {
        return Err("the URL of a WebSocket must begin with ws:// or wss://".to_owned());
    }
    if let Some(wrong) = request.protocols.iter().find(|name| !is_token(name)) {
        return Err(format!("'{}' is no WebSocket sub-protocol", wrong.chars().take(50).collect::<String>()));
    }
    if let Some((name, _)) = request.headers.iter().find(|(name, value)| !is_token(name) || value.contains(['\r', '\n', '\0'])) {
        return Err(format!("header '{}' is none of HTTP", name.chars().take(50).collect::<String>()));
    }
    if host.outgoing_sockets() >= limits::SOCKETS_OUT {
        return Err(format!("there may be at most {} outgoing WebSockets", limits::SOCKETS_OUT));
    }
    let socket = host.number();
    host.sockets.insert(socket, Socket::Outgoing);
    host.outputs.push_back(Output::SocketConnect { socket, request });
    Ok(socket)
}

fn send(host: &mut Host, socket: u64, message: Message) -> Result<(), String> {
    let size = match &message {
        Message::Text(text) => text.len(),
        Message::Bytes(bytes) => bytes.len(),
    };
    if size > limits::SOCKET_MESSAGE_BYTES {
        return Err(format!("a WebSocket message may have {} bytes", limits::SOCKET_MESSAGE_BYTES));
    }
    host.socket_turn_bytes += size + 64;
    if host.socket_turn_bytes > limits::SOCKET_TURN_BYTES {
        return Err(format!("one turn may send {} bytes over WebSockets", limits::SOCKET_TURN_BYTES));
    }
    if host.sockets.contains_key(&socket) {
        host.outputs.push_back(Output::SocketSend { socket, message });
    }
    Ok(())
}

pub fn install(ops: &Ops<'_, '_>) -> rquickjs::Result<()> {
    let host = ops.host();
    ops.add("connect", move |ctx: Ctx<'_>, url: String, protocols: String, headers: String| {
        let read = || -> Result<WebSocketRequest, serde_json::Error> {
            Ok(WebSocketRequest { url, protocols: serde_json::from_str(&protocols)?, headers: serde_json::from_str(&headers)? })
        };
        let made = read().map_err(|error| error.to_string()).and_then(|request| connect(&mut host.lock(), request));
        thrown(&ctx, made.map(js))
    })?;
    let host = ops.host();
    ops.add("sendText", move |ctx: Ctx<'_>, socket: f64, text: String| thrown(&ctx, send(&mut host.lock(), native(socket), Message::Text(text))))?;
    let host = ops.host();
    ops.add("sendBytes", move |ctx: Ctx<'_>, socket: f64, bytes: Bytes| thrown(&ctx, send(&mut host.lock(), native(socket), Message::Bytes(bytes.0))))?;
    let host = ops.host();
    ops.add("closeSocket", move |ctx: Ctx<'_>, socket: f64, code: f64, reason: String| {
        // RFC 6455 §7.4: what an endpoint may send.
        let allowed = code == 1000.0 || (3000.0..5000.0).contains(&code);
        let closed = if !allowed {
            Err(format!("close code {code} must be 1000 or from 3000 to 4999"))
        } else if reason.len() > 123 {
            Err("the reason of a close may have 123 bytes".to_owned())
        } else {
            let mut host = host.lock();
            let socket = native(socket);
            if host.sockets.contains_key(&socket) {
                let code = u16::try_from(native(code)).unwrap_or(1000);
                host.outputs.push_back(Output::SocketClose { socket, code, reason });
            }
            Ok(())
        };
        thrown(&ctx, closed)
    })
}
