//! Where a message came from and where its answer goes.

use std::net::SocketAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    Udp,
    Tcp,
    Tls,
    /// SIP over WebSocket, RFC 7118.
    Ws,
    Wss,
}

/// A connection, or a pair of addresses of UDP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flow {
    pub transport: Transport,
    /// The address on this side; what a socket is bound to, so it may be unspecified.
    pub local: SocketAddr,
    pub remote: SocketAddr,
    /// The driver's number of the connection; 0 for UDP.
    pub connection: u64,
}
