//! Many datagrams by one system call, so that the generator is not what a run measures.

use std::{
    io::{IoSlice, IoSliceMut},
    net::{SocketAddrV4, UdpSocket},
    os::fd::AsRawFd,
};

use nix::sys::socket::{ControlMessage, MsgFlags, MultiHeaders, SockaddrIn, recvmmsg, sendmmsg};

/// Datagrams at once.
pub const MANY: usize = 32;

/// A packet of 20 ms of G.711, bytes.
pub const PACKET_BYTES: usize = 172;

pub type Packet = [u8; PACKET_BYTES];

/// Headers for each direction: those of sending keep pointing to addresses that are gone.
pub struct Batch {
    outgoing: MultiHeaders<SockaddrIn>,
    incoming: MultiHeaders<SockaddrIn>,
    buffers: Vec<Packet>,
}

impl Batch {
    pub fn new() -> Self {
        Self { outgoing: MultiHeaders::preallocate(MANY, None), incoming: MultiHeaders::preallocate(MANY, None), buffers: vec![[0; PACKET_BYTES]; MANY] }
    }

    /// Sends packets; how many left.
    pub fn send(&mut self, socket: &UdpSocket, packets: &[Packet], to: &[Option<SockaddrIn>]) -> usize {
        let slices: Vec<[IoSlice; 1]> = packets.iter().map(|packet| [IoSlice::new(packet)]).collect();
        let nothing: [ControlMessage; 0] = [];
        sendmmsg(socket.as_raw_fd(), &mut self.outgoing, slices.iter(), to, nothing, MsgFlags::empty()).map_or(0, Iterator::count)
    }

    /// Takes what is there, up to `MANY`; how many there were.
    pub fn receive(&mut self, socket: &UdpSocket, mut each: impl FnMut(&[u8])) -> usize {
        let mut slices: Vec<[IoSliceMut; 1]> = self.buffers.iter_mut().map(|buffer| [IoSliceMut::new(buffer)]).collect();
        let Ok(received) = recvmmsg(socket.as_raw_fd(), &mut self.incoming, slices.iter_mut(), MsgFlags::MSG_DONTWAIT, None) else { return 0 };
        let mut count = 0;
        for message in received {
            count += 1;
            if let Some(bytes) = message.iovs().next() {
                each(bytes.get(..message.bytes).unwrap_or_default());
            }
        }
        count
    }
}

pub fn address(port: u16) -> Option<SockaddrIn> {
    Some(SockaddrIn::from(SocketAddrV4::new(std::net::Ipv4Addr::LOCALHOST, port)))
}
