//! SIP over TCP.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Result;
use cordboard_sip::{Flow, Input, Transport};
use cordboard_switch as switch;
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{timeout, timeout_at},
};

use super::{
    Calls,
    connections::{Place, Side, put},
};

/// How long a connection may take to be made, and a message to be sent.
const CONNECT_TIME: Duration = Duration::from_secs(6);

/// How long nothing of SIP comes over a connection, over which somebody proved himself, until the switch is asked whether it carries
/// anything. The peer need say nothing: keep-alives of RFC 5626 are only for those that agreed on them.
const IDLE_TIME: Duration = Duration::from_secs(600);

/// The same of a connection that we opened, which we open again when it is needed.
const OPENED_IDLE_TIME: Duration = Duration::from_secs(180);

/// How long nothing is sent over such a connection until a keep-alive of ours is: NAT forgets a way after some minutes, and only what is
/// sent makes a dead peer known. RFC 5626 §4.4.1: 120 s at most.
const KEEP_ALIVE_EVERY: Duration = Duration::from_secs(120);

/// The keep-alive: between messages every peer has to ignore it. RFC 3261 §7.5, RFC 5626 §3.5.1.
const KEEP_ALIVE: &[u8] = b"\r\n\r\n";

/// How long a peer may acknowledge nothing of what was sent until it counts as gone. A phone is without its network for a minute and
/// keeps its call.
const LOST_TIME: Duration = Duration::from_secs(120);

/// Silence after which the system asks whether the peer is there, which it does over connections that nobody has proved, too.
const PROBE_EVERY: Duration = Duration::from_secs(60);

pub fn listen(calls: Arc<Calls>, listener: std::net::TcpListener) -> Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let runtime = calls.runtime.clone();
    runtime.spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, remote)) => {
                    if let Some(place) = calls.connections.enter(remote, Side::Peer, IDLE_TIME) {
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

/// Opens a connection for the agent, which waits until it hears what became of it. The address was judged when it was resolved, and no
/// author can name the trunk's host.
pub fn connect(calls: &Arc<Calls>, ticket: u64, transport: Transport, remote: SocketAddr, host: &str) {
    let calls = calls.clone();
    let side = if calls.trunk_host.as_deref() == Some(host) { Side::Operator } else { Side::Author };
    calls.runtime.clone().spawn(async move {
        let (stream, place) = match open(&calls, transport, remote, side).await {
            Ok(opened) => opened,
            Err(reason) => return put(&calls, switch::Input::Sip(Input::ConnectFailed { ticket, reason })).await,
        };
        let local = stream.local_addr().unwrap_or(calls.address);
        let flow = Flow { transport, local, remote, connection: place.number };
        put(&calls, switch::Input::Sip(Input::Connected { ticket, flow })).await;
        serve(&calls, stream, remote, place).await;
    });
}

/// A connection and its place. The error is a reason for the call that needs it.
async fn open(calls: &Calls, transport: Transport, remote: SocketAddr, side: Side) -> Result<(TcpStream, Place), String> {
    if transport != Transport::Tcp {
        return Err("outgoing SIP over TLS is not yet available".to_owned());
    }
    // Before it has a socket, of which there are not as many as an author can want.
    let place = calls.connections.enter(remote, side, OPENED_IDLE_TIME).ok_or("too many connections")?;
    let failed = match timeout(CONNECT_TIME, TcpStream::connect(remote)).await {
        Ok(Ok(stream)) => return Ok((stream, place)),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the connection took too long".to_owned(),
    };
    calls.connections.leave(place.number);
    Err(failed)
}

/// How the system finds out that a peer is gone.
fn prepare(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    socket.set_tcp_keepalive(&TcpKeepalive::new().with_time(PROBE_EVERY).with_interval(PROBE_EVERY / 4))?;
    socket.set_tcp_user_timeout(Some(LOST_TIME))
}

async fn serve(calls: &Arc<Calls>, stream: TcpStream, remote: SocketAddr, place: Place) {
    if let Err(error) = prepare(&stream) {
        tracing::debug!("SIP over TCP: {error}");
    }
    let local = stream.local_addr().unwrap_or(calls.address);
    let flow = Flow { transport: Transport::Tcp, local, remote, connection: place.number };
    let (reading, writing) = stream.into_split();
    carry(calls, reading, writing, flow, place).await;
}

async fn carry(calls: &Arc<Calls>, mut reading: impl AsyncRead + Unpin, mut writing: impl AsyncWrite + Unpin, flow: Flow, place: Place) {
    let Place { number, mut outgoing, mut patience, proof } = place;
    let receive = async {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let length = match timeout_at(patience.until(), reading.read(&mut buffer)).await {
                Ok(Ok(length @ 1..)) => length,
                // It was proved meanwhile.
                Err(_) if !patience.is_over() => continue,
                Err(_) if proof.is_given() => {
                    patience.spoke();
                    put(calls, switch::Input::Idle { flow }).await;
                    continue;
                }
                _ => return,
            };
            let bytes = &buffer[..length];
            // Keep-alives say that a peer is there, not that anybody needs it.
            if !proof.is_given() || !bytes.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
                patience.spoke();
            }
            put(calls, switch::Input::Sip(Input::Bytes { flow, bytes: bytes.to_vec() })).await;
        }
    };
    let send = async {
        loop {
            let bytes = match timeout(KEEP_ALIVE_EVERY, outgoing.recv()).await {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return,
                Err(_) if proof.is_given() => KEEP_ALIVE.to_vec(),
                Err(_) => continue,
            };
            if !matches!(timeout(CONNECT_TIME, writing.write_all(&bytes)).await, Ok(Ok(()))) {
                return;
            }
        }
    };
    tokio::select! { () = receive => {}, () = send => {} }
    calls.connections.leave(number);
    put(calls, switch::Input::Sip(Input::Closed { flow })).await;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tokio::{io::DuplexStream, time::Instant};

    use super::{super::testing::Alone, *};

    /// A connection that is served, as its peer has it.
    fn served(alone: &Alone, proved: bool) -> (DuplexStream, Flow) {
        let remote = "192.0.2.1:5060".parse().unwrap();
        let place = alone.calls.connections.enter(remote, Side::Peer, IDLE_TIME).unwrap();
        let flow = Flow { transport: Transport::Tcp, local: alone.calls.address, remote, connection: place.number };
        if proved {
            alone.calls.connections.proved(flow);
        }
        let (peer, ours) = tokio::io::duplex(4_096);
        let (reading, writing) = tokio::io::split(ours);
        let calls = alone.calls.clone();
        tokio::spawn(async move { carry(&calls, reading, writing, flow, place).await });
        (peer, flow)
    }

    fn idles(alone: &Alone) -> usize {
        std::iter::from_fn(|| alone.heard()).filter(|input| matches!(input, switch::Input::Idle { .. })).count()
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_is_kept_alive_and_closed_by_the_switch_alone() {
        let alone = Alone::new();
        let (mut peer, flow) = served(&alone, true);
        let began = Instant::now();
        let mut bytes = [0; 4];
        for turn in 1..=31 {
            peer.read_exact(&mut bytes).await.unwrap();
            assert_eq!((&bytes[..], began.elapsed().as_secs()), (KEEP_ALIVE, KEEP_ALIVE_EVERY.as_secs() * turn));
        }
        assert_eq!(idles(&alone), 6, "in an hour and two minutes");
        alone.calls.connections.close(flow);
        assert_eq!(peer.read(&mut bytes).await.unwrap(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn keep_alives_of_a_peer_do_not_show_that_anybody_needs_the_connection() {
        for (text, asked) in [(KEEP_ALIVE, 6), (&b"OPTIONS"[..], 0)] {
            let alone = Alone::new();
            let (mut peer, _) = served(&alone, true);
            for _ in 0..37 {
                peer.write_all(text).await.unwrap();
                tokio::time::advance(Duration::from_secs(100)).await;
                tokio::task::yield_now().await;
            }
            assert_eq!(idles(&alone), asked);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_sent_to_who_proves_nothing_and_it_is_closed_soon() {
        let alone = Alone::new();
        let (mut peer, flow) = served(&alone, false);
        let began = Instant::now();
        peer.write_all(KEEP_ALIVE).await.unwrap();
        let mut all = Vec::new();
        peer.read_to_end(&mut all).await.unwrap();
        assert_eq!((all.len(), began.elapsed().as_secs()), (0, 32));
        let heard: Vec<_> = std::iter::from_fn(|| alone.heard()).collect();
        assert!(matches!(&heard[..], [_, switch::Input::Sip(Input::Closed { flow: closed })] if *closed == flow), "{heard:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn what_became_of_a_connection_is_told_when_the_full_queue_has_room() {
        let alone = Alone::new();
        while alone.calls.queue.offer(switch::Input::Drain).is_ok() {}
        connect(&alone.calls, 7, Transport::Tls, "192.0.2.1:5061".parse().unwrap(), "host.example");
        tokio::task::yield_now().await;
        while alone.heard().is_some() {}
        tokio::time::advance(Duration::from_millis(1)).await;
        tokio::task::yield_now().await;
        assert!(matches!(alone.heard(), Some(switch::Input::Sip(Input::ConnectFailed { ticket: 7, .. }))));
    }

    #[tokio::test]
    async fn a_connection_that_cannot_be_made_leaves_its_place() {
        let alone = Alone::new();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let remote = listener.local_addr().unwrap();
        let opened: Vec<_> = std::iter::repeat_with(|| alone.calls.connections.enter(remote, Side::Author, IDLE_TIME)).map_while(|place| place).collect();
        assert_eq!(open(&alone.calls, Transport::Tcp, remote, Side::Author).await.err().as_deref(), Some("too many connections"));
        alone.calls.connections.leave(opened[0].number);
        drop(listener);
        for _ in 0..2 {
            let refused = open(&alone.calls, Transport::Tcp, remote, Side::Author).await.err().unwrap();
            assert!(refused.contains("refused"), "{refused}");
        }
    }

    #[tokio::test]
    async fn the_system_finds_out_that_a_peer_is_gone() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        prepare(&stream).unwrap();
        let socket = SockRef::from(&stream);
        assert_eq!((socket.keepalive().unwrap(), socket.tcp_user_timeout().unwrap()), (true, Some(LOST_TIME)));
    }
}
