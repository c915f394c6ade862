//! SIP over UDP: one thread that reads.

use std::{
    net::{SocketAddr, UdpSocket},
    sync::Arc,
};

use anyhow::{Context, Result};
use cordboard_sip::{Flow, Input, Transport};
use cordboard_switch as switch;

use super::queue::Queue;

/// A datagram's size at most, bytes. RFC 3261 §18.1.1.
const DATAGRAM_BYTES: usize = 65_535;

pub fn start(socket: Arc<UdpSocket>, local: SocketAddr, queue: Queue) -> Result<()> {
    let read = move || {
        let mut buffer = vec![0; DATAGRAM_BYTES];
        loop {
            match socket.recv_from(&mut buffer) {
                Ok((length, remote)) => {
                    let flow = Flow { transport: Transport::Udp, local, remote, connection: 0 };
                    queue.datagram(switch::Input::Sip(Input::Packet { flow, bytes: buffer[..length].to_vec() }));
                }
                // An ICMP error of an earlier datagram; the socket works on.
                Err(error) => tracing::debug!("SIP over UDP: {error}"),
            }
        }
    };
    std::thread::Builder::new().name("sip-udp".to_owned()).spawn(read).context("the thread of SIP over UDP")?;
    Ok(())
}
