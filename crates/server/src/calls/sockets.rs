//! UDP sockets of the media, by their ports.

use std::{
    collections::HashMap,
    io::{Error, ErrorKind, Result},
    net::{IpAddr, SocketAddr},
};

use cordboard_media::Unbound;
use mio::{Interest, Registry, Token, net::UdpSocket};

/// What is added to the port in the token of a socket besides.
const BESIDES: usize = 1 << 16;

pub struct Sockets {
    registry: Registry,
    bind: IpAddr,
    /// How an address of this machine is found that browsers reach.
    outward: fn(IpAddr) -> Option<IpAddr>,
    /// Found without a search: two are looked up for each packet.
    at: Vec<Option<UdpSocket>>,
    /// Those of web legs at a second address.
    besides: HashMap<u16, (IpAddr, UdpSocket)>,
}

impl Sockets {
    pub fn new(registry: Registry, bind: IpAddr, outward: fn(IpAddr) -> Option<IpAddr>) -> Self {
        Self { registry, bind, outward, at: Vec::new(), besides: HashMap::new() }
    }

    /// Opens a port, and says at which second address it is open, too: Firefox sends nothing to a loopback address, also on the machine
    /// whose it is.
    pub fn open(&mut self, port: u16, web: bool) -> std::result::Result<Option<IpAddr>, Unbound> {
        let socket = self.listen(self.bind, port, Token(port.into())).map_err(|error| unbound(port, &error))?;
        let place = usize::from(port);
        if self.at.len() <= place {
            self.at.resize_with(place + 1, || None);
        }
        self.at[place] = Some(socket);
        if !web || !self.bind.is_loopback() {
            return Ok(None);
        }
        let besides = (self.outward)(self.bind).and_then(|own| Some((own, self.listen(own, port, Token(BESIDES + place)).ok()?)));
        Ok(besides.map(|(own, socket)| {
            self.besides.insert(port, (own, socket));
            own
        }))
    }

    fn listen(&self, address: IpAddr, port: u16, token: Token) -> Result<UdpSocket> {
        let mut socket = UdpSocket::bind(SocketAddr::new(address, port))?;
        self.registry.register(&mut socket, token, Interest::READABLE)?;
        Ok(socket)
    }

    pub fn close(&mut self, port: u16) {
        let besides = self.besides.remove(&port).map(|(_, socket)| socket);
        let socket = self.at.get_mut(usize::from(port)).and_then(Option::take);
        for mut socket in [socket, besides].into_iter().flatten() {
            let _ = self.registry.deregister(&mut socket);
        }
    }

    /// A packet that came to the socket of this token: its port, its length, where it is from. `WouldBlock` also where there is no such
    /// socket.
    pub fn receive(&self, Token(token): Token, buffer: &mut [u8]) -> Result<(u16, usize, SocketAddr)> {
        if let Ok(port) = u16::try_from(token) {
            let socket = self.at.get(token).and_then(Option::as_ref).ok_or(ErrorKind::WouldBlock)?;
            return socket.recv_from(buffer).map(|(length, from)| (port, length, from));
        }
        let port = u16::try_from(token - BESIDES).map_err(|_| ErrorKind::WouldBlock)?;
        let (own, socket) = self.besides.get(&port).ok_or(ErrorKind::WouldBlock)?;
        let (length, from) = socket.recv_from(buffer)?;
        // Who chose a loopback address lets nobody in from outside.
        if from.ip() == *own { Ok((port, length, from)) } else { Err(Error::from(ErrorKind::PermissionDenied)) }
    }

    /// A full buffer drops the packet, as a network would.
    pub fn send(&self, port: u16, to: SocketAddr, bytes: &[u8]) {
        let besides = if self.besides.is_empty() { None } else { self.besides.get(&port).filter(|(own, _)| *own == to.ip()).map(|(_, socket)| socket) };
        if let Some(socket) = besides.or_else(|| self.at.get(usize::from(port))?.as_ref()) {
            let _ = socket.send_to(bytes, to);
        }
    }
}

/// Whether the port is to blame, or whatever else: descriptors, memory, the address.
fn unbound(port: u16, error: &Error) -> Unbound {
    if matches!(error.kind(), ErrorKind::AddrInUse | ErrorKind::PermissionDenied) {
        return Unbound::Taken(error.to_string());
    }
    tracing::warn!("port {port} cannot be opened, and a call has no audio: {error}");
    Unbound::Failed(error.to_string())
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket as Other;

    use super::*;

    const FIRST: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const SECOND: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(127, 0, 0, 2));

    #[test]
    fn another_port_is_tried_where_the_port_is_to_blame() {
        let taken = Other::bind((FIRST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = Other::bind((FIRST, port)).unwrap_err();
        assert!(matches!(unbound(port, &error), Unbound::Taken(_)));
        let (no_descriptors, no_address) = (Error::from_raw_os_error(24), Other::bind(("203.0.113.1", port)).unwrap_err());
        for error in [no_descriptors, no_address] {
            assert!(matches!(unbound(port, &error), Unbound::Failed(_)), "{error}");
        }
    }

    /// A port that nobody has at either address.
    fn free() -> u16 {
        loop {
            let port = Other::bind((FIRST, 0)).unwrap().local_addr().unwrap().port();
            if Other::bind((SECOND, port)).is_ok() {
                return port;
            }
        }
    }

    /// What comes next to a socket; a datagram over loopback is there when its sending returns.
    fn next(sockets: &Sockets, token: usize) -> Result<(u16, SocketAddr)> {
        sockets.receive(Token(token), &mut [0; 16]).map(|(port, _, from)| (port, from))
    }

    #[test]
    fn a_web_leg_is_reached_at_a_second_address_from_this_machine_alone() {
        let poll = mio::Poll::new().unwrap();
        let mut sockets = Sockets::new(poll.registry().try_clone().unwrap(), FIRST, |_| Some(SECOND));
        let port = free();
        assert_eq!(sockets.open(port, true), Ok(Some(SECOND)));
        let (browser, stranger) = (Other::bind((SECOND, 0)).unwrap(), Other::bind((FIRST, 0)).unwrap());
        browser.send_to(b"check", (SECOND, port)).unwrap();
        assert_eq!(next(&sockets, BESIDES + usize::from(port)).unwrap(), (port, browser.local_addr().unwrap()));
        stranger.send_to(b"check", (SECOND, port)).unwrap();
        assert_eq!(next(&sockets, BESIDES + usize::from(port)).unwrap_err().kind(), ErrorKind::PermissionDenied);
        stranger.send_to(b"check", (FIRST, port)).unwrap();
        assert_eq!(next(&sockets, port.into()).unwrap(), (port, stranger.local_addr().unwrap()));
        for (other, from) in [(&browser, SECOND), (&stranger, FIRST)] {
            sockets.send(port, other.local_addr().unwrap(), b"answer");
            assert_eq!(other.recv_from(&mut [0; 16]).unwrap(), (6, SocketAddr::new(from, port)));
        }
        sockets.close(port);
        assert!(Other::bind((FIRST, port)).is_ok() && Other::bind((SECOND, port)).is_ok());
        assert_eq!(next(&sockets, port.into()).unwrap_err().kind(), ErrorKind::WouldBlock);
    }

    #[test]
    fn plain_legs_and_other_addresses_have_no_second_one() {
        let poll = mio::Poll::new().unwrap();
        let registry = || poll.registry().try_clone().unwrap();
        assert_eq!(Sockets::new(registry(), FIRST, |_| Some(SECOND)).open(free(), false), Ok(None));
        assert_eq!(Sockets::new(registry(), FIRST, |_| None).open(free(), true), Ok(None));
        assert_eq!(Sockets::new(registry(), "0.0.0.0".parse().unwrap(), |_| Some(SECOND)).open(free(), true), Ok(None));
    }
}
