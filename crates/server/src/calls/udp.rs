//! SIP over UDP, read and written by the switch's thread.

use std::{
    io::{ErrorKind, Result},
    net::SocketAddr,
};

use cordboard_sip::{Flow, Input, Transport};
use mio::{Interest, Registry, Token, net::UdpSocket};
use socket2::SockRef;

/// A datagram's size at most, bytes. RFC 3261 §18.1.1.
const DATAGRAM_BYTES: usize = 65_535;

/// What the system is asked to keep of datagrams that wait, in both directions, bytes. It may keep less. What does not fit is
/// lost as on any network; SIP repeats it.
const KEPT_BYTES: usize = 4 * 1024 * 1024;

pub struct Udp {
    socket: UdpSocket,
    local: SocketAddr,
    buffer: Vec<u8>,
    /// There may be more to read.
    pub readable: bool,
}

impl Udp {
    pub fn new(socket: std::net::UdpSocket, local: SocketAddr, registry: &Registry, token: Token) -> Result<Self> {
        socket.set_nonblocking(true)?;
        let sized = SockRef::from(&socket);
        for error in [sized.set_recv_buffer_size(KEPT_BYTES), sized.set_send_buffer_size(KEPT_BYTES)].into_iter().filter_map(Result::err) {
            tracing::debug!("SIP over UDP keeps what the system keeps: {error}");
        }
        let mut socket = UdpSocket::from_std(socket);
        registry.register(&mut socket, token, Interest::READABLE)?;
        Ok(Self { socket, local, buffer: vec![0; DATAGRAM_BYTES], readable: true })
    }

    /// The next datagram; nothing, and `readable` no more, when there is none.
    pub fn receive(&mut self) -> Option<Input> {
        while self.readable {
            match self.socket.recv_from(&mut self.buffer) {
                Ok((length, remote)) => {
                    let flow = Flow { transport: Transport::Udp, local: self.local, remote, connection: 0 };
                    return Some(Input::Packet { flow, bytes: self.buffer.get(..length).unwrap_or_default().to_vec() });
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.readable = false,
                // An ICMP error of an earlier datagram; the socket works on.
                Err(error) => tracing::debug!("SIP over UDP: {error}"),
            }
        }
        None
    }

    pub fn send(&self, to: SocketAddr, bytes: &[u8]) {
        if let Err(error) = self.socket.send_to(bytes, to) {
            tracing::debug!("SIP to {to} was not sent: {error}");
        }
    }
}
