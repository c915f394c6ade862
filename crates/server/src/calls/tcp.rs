//! SIP over TCP.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Result;
use cordboard_sip::{Flow, Input, Transport};
use cordboard_switch as switch;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::timeout_at,
};

use super::{
    Calls,
    connections::{Place, put},
};

/// How long a connection may take to be made, and a message to be sent.
const CONNECT_TIME: Duration = Duration::from_secs(6);

/// How long a connection may be silent over which somebody proved himself; keep-alives of RFC 5626 §4.4.1 come every 120 s at most.
const IDLE_TIME: Duration = Duration::from_secs(600);

pub fn listen(calls: Arc<Calls>, listener: std::net::TcpListener) -> Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let runtime = calls.runtime.clone();
    runtime.spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, remote)) => {
                    if let Some(place) = calls.connections.enter(remote, false, IDLE_TIME) {
                        let calls = calls.clone();
                        tokio::spawn(async move { serve(&calls, stream, remote, place).await });
                    }
                }
                // No descriptors are left, perhaps; others will be closed.
                Err(error) => {
                    tracing::warn!("SIP over TCP: {error}");
                    #[allow(clippy::disallowed_methods)] // Nothing tells when a descriptor is free again.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    });
    Ok(())
}

/// Opens a connection for the agent. The address was judged when it was resolved.
pub fn connect(calls: &Arc<Calls>, ticket: u64, transport: Transport, remote: SocketAddr) {
    let calls = calls.clone();
    calls.runtime.clone().spawn(async move {
        let failed = |reason: String| switch::Input::Sip(Input::ConnectFailed { ticket, reason });
        if transport != Transport::Tcp {
            calls.offer(failed("outgoing SIP over TLS is not yet available".to_owned()));
            return;
        }
        let stream = match tokio::time::timeout(CONNECT_TIME, TcpStream::connect(remote)).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => {
                calls.offer(failed(error.to_string()));
                return;
            }
            Err(_) => {
                calls.offer(failed("the connection took too long".to_owned()));
                return;
            }
        };
        let Some(place) = calls.connections.enter(remote, true, IDLE_TIME) else {
            calls.offer(failed("too many connections".to_owned()));
            return;
        };
        let local = stream.local_addr().unwrap_or(calls.address);
        let flow = Flow { transport, local, remote, connection: place.number };
        calls.offer(switch::Input::Sip(Input::Connected { ticket, flow }));
        serve(&calls, stream, remote, place).await;
    });
}

async fn serve(calls: &Arc<Calls>, stream: TcpStream, remote: SocketAddr, place: Place) {
    let Place { number, mut outgoing, mut patience } = place;
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().unwrap_or(calls.address);
    let flow = Flow { transport: Transport::Tcp, local, remote, connection: number };
    let (mut reading, mut writing) = stream.into_split();
    let receive = async {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let length = match timeout_at(patience.until(), reading.read(&mut buffer)).await {
                Ok(Ok(length @ 1..)) => length,
                // It was proved meanwhile.
                Err(_) if !patience.is_over() => continue,
                _ => return,
            };
            patience.spoke();
            put(calls, switch::Input::Sip(Input::Bytes { flow, bytes: buffer[..length].to_vec() })).await;
        }
    };
    let send = async {
        while let Some(bytes) = outgoing.recv().await {
            if !matches!(tokio::time::timeout(CONNECT_TIME, writing.write_all(&bytes)).await, Ok(Ok(()))) {
                return;
            }
        }
    };
    tokio::select! { () = receive => {}, () = send => {} }
    calls.connections.leave(number);
    put(calls, switch::Input::Sip(Input::Closed { flow })).await;
}
