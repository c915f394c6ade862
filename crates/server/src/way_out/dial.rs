//! From a host and port to a connected stream: resolve once, judge, connect to what was judged, then TLS under the name that was asked for.

use std::{
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use rustls::{ClientConfig, pki_types::ServerName};
use socket2::{SockRef, TcpKeepalive};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, timeout, timeout_at},
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::Host;

use super::{HttpFailure, WayOut};

/// Silence after which a peer is asked whether it is still there, so that a vanished one does not hold its connection for good.
const KEEPALIVE: Duration = Duration::from_secs(60);

/// The least that one of several addresses gets of the time to connect.
const LEAST_PER_ADDRESS: Duration = Duration::from_millis(250);

/// Who chose the target.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    ByAuthor,
    ByOperator,
}

/// A connection, with TLS or without.
#[derive(Debug)]
pub enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl WayOut {
    /// Connects within `within`, which covers the look-up, the connection and the TLS handshake.
    pub(super) async fn dial(&self, host: &Host<&str>, port: u16, tls: Option<&Arc<ClientConfig>>, chosen: Chosen, within: Duration) -> Result<Stream, HttpFailure> {
        let connected = async {
            let addresses = self.addresses(host, port, chosen).await?;
            let tcp = connect(host, port, &addresses, Instant::now() + within).await?;
            let Some(config) = tls else { return Ok(Stream::Plain(tcp)) };
            let name = server_name(host)?;
            let tls = TlsConnector::from(Arc::clone(config)).connect(name, tcp).await;
            tls.map(|stream| Stream::Tls(Box::new(stream))).map_err(|error| HttpFailure::Connect(format!("TLS with {host} failed: {error}")))
        };
        timeout(within, connected).await.unwrap_or_else(|_| Err(HttpFailure::Connect(format!("{host} did not take the connection within {} s", within.as_secs_f64()))))
    }

    /// The addresses of a host for what is no connection of ours, such as SIP over UDP; whoever sends there uses these and no others.
    pub async fn addresses_of(&self, host: &str, port: u16, trusted: bool) -> Result<Vec<IpAddr>, HttpFailure> {
        let host = match host.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => Host::Ipv4(address),
            Ok(IpAddr::V6(address)) => Host::Ipv6(address),
            Err(_) => Host::Domain(host),
        };
        let chosen = if trusted { Chosen::ByOperator } else { Chosen::ByAuthor };
        let looked_up = timeout(super::http::CONNECT_TIMEOUT, self.addresses(&host, port, chosen)).await;
        let addresses = looked_up.unwrap_or_else(|_| Err(HttpFailure::HostNotFound(format!("{host} was not found in time"))))?;
        Ok(addresses.into_iter().map(|address| address.ip()).collect())
    }

    /// The addresses of a host that may be reached.
    async fn addresses(&self, host: &Host<&str>, port: u16, chosen: Chosen) -> Result<Vec<SocketAddr>, HttpFailure> {
        let all = match host {
            Host::Ipv4(address) => vec![IpAddr::V4(*address)],
            Host::Ipv6(address) => vec![IpAddr::V6(*address)],
            Host::Domain(name) => self.0.resolver.addresses(name, chosen).await.map_err(|error| HttpFailure::HostNotFound(format!("{name} was not found: {error}")))?,
        };
        if all.is_empty() {
            return Err(HttpFailure::HostNotFound(format!("{host} has no address")));
        }
        let permitted: Vec<SocketAddr> = all
            .into_iter()
            .filter(|address| chosen == Chosen::ByOperator || self.0.guard.permits(*address))
            .map(|address| SocketAddr::new(address.to_canonical(), port))
            .collect();
        if permitted.is_empty() {
            return Err(HttpFailure::Refused(format!(
                "{host} is not on the public network, and the server's operator does not allow its network (setting way_out_allow)"
            )));
        }
        Ok(permitted)
    }
}

/// The first of these addresses that answers; each gets an equal share of the time that is left.
async fn connect(host: &Host<&str>, port: u16, addresses: &[SocketAddr], deadline: Instant) -> Result<TcpStream, HttpFailure> {
    let mut last = None;
    for (address, left) in addresses.iter().zip((1..=addresses.len()).rev()) {
        let now = Instant::now();
        let share = deadline.saturating_duration_since(now) / u32::try_from(left).unwrap_or(u32::MAX);
        match timeout_at(now + share.max(LEAST_PER_ADDRESS), TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                prepare(&stream).map_err(|error| HttpFailure::Internal(format!("the socket to {host} could not be set up: {error}")))?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = Some(error.kind().to_string()),
            Err(_) => last = Some("no answer".to_owned()),
        }
    }
    Err(HttpFailure::Connect(format!("{host} port {port} cannot be connected to: {}", last.unwrap_or_default())))
}

fn prepare(stream: &TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    SockRef::from(stream).set_tcp_keepalive(&TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE / 4))
}

fn server_name(host: &Host<&str>) -> Result<ServerName<'static>, HttpFailure> {
    match host {
        Host::Ipv4(address) => Ok(IpAddr::V4(*address).into()),
        Host::Ipv6(address) => Ok(IpAddr::V6(*address).into()),
        // The root's dot is no part of a name in a certificate.
        Host::Domain(name) => {
            ServerName::try_from(name.trim_end_matches('.').to_owned()).map_err(|_| HttpFailure::BadUrl(format!("'{name}' is no name that TLS could verify")))
        }
    }
}

impl Stream {
    pub fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(tcp) => tcp,
            Self::Tls(tls) => tls.get_ref().0,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_read(cx, buffer),
            Self::Tls(tls) => Pin::new(tls).poll_read(cx, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Self::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Self::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        match self.get_mut() {
            Self::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{super::testing::way_out, *};

    #[tokio::test]
    async fn only_permitted_addresses_of_a_name_are_tried() {
        let way_out = way_out(&["10.1.0.0/16"], |_| ["127.0.0.1", "10.1.2.3", "::ffff:10.1.2.4", "fe80::1", "8.8.8.8"].map(|address| address.parse().unwrap()).to_vec());
        let addresses = way_out.addresses(&Host::Domain("mixed.example"), 80, Chosen::ByAuthor).await.unwrap();
        assert_eq!(addresses, ["10.1.2.3:80", "10.1.2.4:80", "8.8.8.8:80"].map(|address| address.parse().unwrap()));
    }

    #[tokio::test]
    async fn a_name_that_moves_to_loopback_is_refused_when_it_is_looked_up_again() {
        let lookups = AtomicUsize::new(0);
        let way_out = way_out(&[], move |_| vec![if lookups.fetch_add(1, Ordering::Relaxed) == 0 { "8.8.8.8" } else { "127.0.0.1" }.parse().unwrap()]);
        let name = Host::Domain("moving.example");
        assert_eq!(way_out.addresses(&name, 80, Chosen::ByAuthor).await.unwrap(), ["8.8.8.8:80".parse().unwrap()]);
        assert!(matches!(way_out.addresses(&name, 80, Chosen::ByAuthor).await, Err(HttpFailure::Refused(_))));
    }

    #[tokio::test]
    async fn what_the_operator_chose_is_exempt() {
        let way_out = way_out(&[], |_| vec!["127.0.0.1".parse().unwrap()]);
        assert_eq!(way_out.addresses(&Host::Domain("relay"), 25, Chosen::ByOperator).await.unwrap(), ["127.0.0.1:25".parse().unwrap()]);
    }

    #[tokio::test]
    async fn a_name_without_addresses_is_not_found() {
        let failure = way_out(&[], |_| Vec::new()).addresses(&Host::Domain("empty.example"), 80, Chosen::ByAuthor).await.unwrap_err();
        assert_eq!(failure.code(), -3, "{failure}");
    }

    #[tokio::test]
    async fn the_next_address_is_tried_where_one_does_not_answer() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        // Nothing listens on the other loopback addresses.
        let way_out = way_out(&["127.0.0.0/8"], |_| ["127.1.2.3", "127.0.0.1"].map(|address| address.parse().unwrap()).to_vec());
        let port = listener.local_addr().unwrap().port();
        let stream = way_out.dial(&Host::Domain("two.example"), port, None, Chosen::ByAuthor, Duration::from_secs(6)).await.unwrap();
        assert_eq!(stream.tcp().peer_addr().unwrap(), listener.local_addr().unwrap());
    }
}
