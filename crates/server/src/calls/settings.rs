//! What calls are told of the operator's settings.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs, UdpSocket},
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use cordboard_api::secrets;
use cordboard_media::webrtc::Identity;
use cordboard_sip::{self as sip, Listener, Transport};
use cordboard_switch::Trunk;
use ipnet::IpNet;

use super::{Bound, Settings};
use crate::{clock, settings, way_out::WayOut};

/// UDP ports of media where none are set: even ones carry RTP, odd ones RTCP.
const MEDIA_PORTS: (u16, u16) = (16_384, 32_767);

impl Settings {
    pub fn of(settings: &settings::Settings, first_account: i64, bound: &Bound, way_out: &WayOut) -> Result<Self> {
        let advertised = match settings.media_address {
            Some(address) => address,
            None => found(bound.address.ip()),
        };
        let failed = |errors| anyhow::anyhow!("{errors:?}");
        let listener = |transport| Listener { transport, local: bound.address, advertised: Some((advertised.to_string(), Some(bound.address.port()))) };
        let sip = sip::Config {
            user_agent: concat!("Cordboard/", env!("CARGO_PKG_VERSION")).to_owned(),
            listeners: [Transport::Udp, Transport::Tcp, Transport::Ws, Transport::Wss].map(listener).into(),
            // Calls may ring for the 400 s of `VI-CallTimeout` (voxengine.md §6); the switch ends them.
            times: sip::Times { ringing_ms: 410_000, ..sip::Times::default() },
            ..sip::Config::default()
        };
        let switch = cordboard_switch::Config {
            sip,
            realm: cordboard_api::password::REALM.to_owned(),
            domain: settings.domain.clone(),
            trunk: trunk(settings, first_account)?,
            secret: secrets::random().map_err(failed)?,
            seed: secrets::random().map_err(failed)?,
        };
        let ports = match &settings.media_ports {
            Some(text) => ports(text)?,
            None => MEDIA_PORTS,
        };
        let identity = Identity::new(clock::began()).map_err(|error| anyhow::anyhow!("a certificate for media: {error}"))?;
        let media = cordboard_media::Config { address: advertised, ports: ports.0..=ports.1, identity: Some(Arc::new(identity)) };
        Ok(Self {
            switch,
            data_dir: settings.data_dir.clone(),
            media_bind: bindable(advertised),
            media,
            media_seed: secrets::random().map_err(failed)?,
            voice: crate::voice::Voice::open(settings, way_out.clone())?,
        })
    }
}

/// The way to the public network, where one is configured.
fn trunk(settings: &settings::Settings, first_account: i64) -> Result<Option<Trunk>> {
    let Some(policy) = settings.trunk(first_account) else { return Ok(None) };
    let wrong = || format!("--trunk-host '{}': a host or HOST:PORT is wanted, such as sip.example.org", settings.trunk_host);
    let uri = sip::Uri::parse(&format!("sip:{}", settings.trunk_host)).ok().with_context(wrong)?;
    let transport = if settings.trunk_transport == "tcp" { Transport::Tcp } else { Transport::Udp };
    let credentials = sip::Credentials { username: settings.trunk_username.clone(), password: settings.trunk_password.clone() };
    let mut sources = settings.trunk_sources.clone();
    if sources.is_empty() {
        let port = uri.port.unwrap_or(5060);
        match (uri.host.as_str(), port).to_socket_addrs() {
            Ok(addresses) => sources.extend(addresses.map(|address| IpNet::from(address.ip().to_canonical()))),
            Err(error) => {
                tracing::warn!("--trunk-host {}: {error}; calls of the trunk are strangers' until a restart finds it, or --trunk-sources names its addresses", uri.host)
            }
        }
    }
    Ok(Some(Trunk { credentials: (!credentials.username.is_empty()).then_some(credentials), host: uri.host, port: uri.port, transport, sources, policy }))
}

/// `FROM-TO`.
fn ports(text: &str) -> Result<(u16, u16)> {
    let wrong = || format!("--media-ports '{text}': two UDP ports are wanted, such as 16384-32767");
    let (from, to) = text.split_once('-').with_context(wrong)?;
    let (from, to): (u16, u16) = (from.trim().parse().with_context(wrong)?, to.trim().parse().with_context(wrong)?);
    if from == 0 || to <= from {
        bail!(wrong());
    }
    Ok((from, to))
}

/// The address under which this machine is reached: that of SIP, or where that is every address, the outward one.
fn found(sip: IpAddr) -> IpAddr {
    if !sip.is_unspecified() {
        return sip;
    }
    outward(sip).unwrap_or(if sip.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() })
}

/// The address of this machine, of another one's family, with which the way to the public network begins. Nothing is sent to find it.
pub(super) fn outward(family: IpAddr) -> Option<IpAddr> {
    let socket = UdpSocket::bind(SocketAddr::new(every(family), 0)).ok()?;
    // Documentation addresses (RFC 5737, RFC 3849): a route is all that is asked for.
    socket.connect(if family.is_ipv4() { "192.0.2.1:9" } else { "[2001:db8::1]:9" }).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_unspecified() && !address.is_loopback()).then_some(address)
}

/// The advertised address if this machine has it; every address where a router has it.
fn bindable(advertised: IpAddr) -> IpAddr {
    if UdpSocket::bind(SocketAddr::new(advertised, 0)).is_ok() { advertised } else { every(advertised) }
}

fn every(family: IpAddr) -> IpAddr {
    if family.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_two_numbers_in_order() {
        assert_eq!(ports("16384-32767").unwrap(), (16_384, 32_767));
        for wrong in ["", "1", "5-4", "0-9", "a-b", "1-70000"] {
            assert!(ports(wrong).unwrap_err().to_string().contains("--media-ports"), "{wrong}");
        }
    }

    #[test]
    fn a_bound_address_is_the_announced_one() {
        assert_eq!(found(IpAddr::V4(Ipv4Addr::LOCALHOST)), IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!(!found(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).is_unspecified());
    }
}
