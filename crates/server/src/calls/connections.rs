//! SIP over TCP, and the table of all connections that carry SIP.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Result;
use cordboard_sip::{Flow, Input, Transport};
use cordboard_switch as switch;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use super::Calls;
use crate::sessions::lock;

/// Connections that carry SIP at most, all together.
const CONNECTIONS: usize = 10_000;

/// Of them, from one address.
const PER_ADDRESS: usize = 1_000;

/// Messages that wait to be sent over one connection; a peer that takes none of them is cut off.
const OUTGOING: usize = 256;

/// How long a connection may take to be made.
const CONNECT_TIME: Duration = Duration::from_secs(6);

/// How long an accepted connection may be silent before its first message.
const FIRST_TIME: Duration = Duration::from_secs(10);

/// How long a connection may be silent afterwards; keep-alives of RFC 5626 §4.4.1 come every 120 s at most.
const IDLE_TIME: Duration = Duration::from_secs(600);

#[derive(Default)]
pub struct Connections {
    open: Mutex<BTreeMap<u64, Open>>,
    last: AtomicU64,
}

struct Open {
    remote: SocketAddr,
    sender: mpsc::Sender<Vec<u8>>,
}

impl Connections {
    /// A place and a number for a connection, or `None` where there are too many.
    pub fn enter(&self, remote: SocketAddr) -> Option<(u64, mpsc::Receiver<Vec<u8>>)> {
        let mut open = lock(&self.open);
        if open.len() >= CONNECTIONS || open.values().filter(|other| switch::holder(other.remote.ip()) == switch::holder(remote.ip())).count() >= PER_ADDRESS {
            return None;
        }
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let (sender, receiver) = mpsc::channel(OUTGOING);
        open.insert(number, Open { remote, sender });
        Some((number, receiver))
    }

    pub fn leave(&self, number: u64) {
        lock(&self.open).remove(&number);
    }

    pub fn send(&self, flow: Flow, bytes: Vec<u8>) {
        let mut open = lock(&self.open);
        let refused = open.get(&flow.connection).is_some_and(|open| open.sender.try_send(bytes).is_err());
        if refused {
            // Its task ends with its queue, and the switch hears of that.
            open.remove(&flow.connection);
            tracing::info!("a SIP connection of {} takes nothing and is closed", flow.remote);
        }
    }

    /// The task of the connection ends when nothing can reach it any more.
    pub fn close(&self, flow: Flow) {
        self.leave(flow.connection);
    }
}

pub fn listen(calls: Arc<Calls>, listener: std::net::TcpListener) -> Result<()> {
    listener.set_nonblocking(true)?;
    let listener = TcpListener::from_std(listener)?;
    let runtime = calls.runtime.clone();
    runtime.spawn(async move {
        loop {
            match listener.accept().await {
                Ok((stream, remote)) => {
                    if let Some((number, outgoing)) = calls.connections.enter(remote) {
                        let calls = calls.clone();
                        tokio::spawn(async move { serve(&calls, stream, remote, number, outgoing, true).await });
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
        let Some((number, outgoing)) = calls.connections.enter(remote) else {
            calls.offer(failed("too many connections".to_owned()));
            return;
        };
        let local = stream.local_addr().unwrap_or(calls.address);
        let flow = Flow { transport, local, remote, connection: number };
        calls.offer(switch::Input::Sip(Input::Connected { ticket, flow }));
        serve(&calls, stream, remote, number, outgoing, false).await;
    });
}

async fn serve(calls: &Arc<Calls>, stream: TcpStream, remote: SocketAddr, number: u64, mut outgoing: mpsc::Receiver<Vec<u8>>, accepted: bool) {
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().unwrap_or(calls.address);
    let flow = Flow { transport: Transport::Tcp, local, remote, connection: number };
    let (mut reading, mut writing) = stream.into_split();
    let receive = async {
        let mut buffer = vec![0; 16 * 1024];
        let mut patience = if accepted { FIRST_TIME } else { IDLE_TIME };
        while let Ok(Ok(length @ 1..)) = tokio::time::timeout(patience, reading.read(&mut buffer)).await {
            patience = IDLE_TIME;
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

/// Waits where the switch's queue is full: a stream must not lose anything.
pub async fn put(calls: &Arc<Calls>, input: switch::Input) {
    let mut input = input;
    while let Err(back) = calls.queue.offer(input) {
        input = *back;
        #[allow(clippy::disallowed_methods)] // A queue between threads wakes no task.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
