use std::net::{IpAddr, SocketAddr};

use super::{
    Codec, Connection, Description, Direction, Section, Setup,
    write::{Head, Secure, Sound, Written, write},
};

/// Payload type of telephone-event in our offers, by its clock.
const OUR_EVENTS: [(u8, u32); 2] = [(101, 8000), (110, 48_000)];
/// Payload type of Opus in our offers, the one browsers use.
const OUR_OPUS: u8 = 111;

/// What a leg says about itself.
#[derive(Clone, Debug)]
pub struct Local<'a> {
    /// The advertised one.
    pub address: IpAddr,
    pub port: u16,
    /// Where RTCP is heard when it has a port of its own.
    pub rtcp_port: Option<u16>,
    pub session_id: u64,
    pub version: u64,
    pub ssrc: u32,
    pub cname: &'a str,
    /// Whether Opus is understood.
    pub opus: bool,
    pub secure: Option<LocalSecure<'a>>,
}

/// Our end of ICE and DTLS.
#[derive(Clone, Debug)]
pub struct LocalSecure<'a> {
    pub ufrag: &'a str,
    pub pwd: &'a str,
    /// `sha-256 12:AB:…`.
    pub fingerprint: &'a str,
    pub candidates: &'a [String],
}

/// The peer's end of ICE and DTLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Web {
    pub ufrag: String,
    pub pwd: String,
    /// `sha-256 12:AB:…`.
    pub fingerprint: String,
    /// Whether we begin the DTLS handshake.
    pub active: bool,
}

/// What both sides know after an offer and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agreement {
    /// What we send, and its payload type at the peer.
    pub codec: Codec,
    pub payload: u8,
    /// What may come, by payload type.
    pub receives: Vec<(u8, Codec)>,
    /// telephone-event: payload type towards the peer, and of what comes.
    pub event: Option<(u8, u8)>,
    /// Our direction.
    pub direction: Direction,
    /// Where RTP goes until something is heard; none while the peer has no address (old-style hold) or ICE finds it.
    pub remote: Option<SocketAddr>,
    pub remote_rtcp: Option<SocketAddr>,
    /// An address whose every port may speak before the latch: the signalling's, where the described one is private.
    pub behind: Option<IpAddr>,
    /// Whether `remote` is where the signalling comes from, so that the peer is known to be there.
    pub at_source: bool,
    pub mux: bool,
    pub web: Option<Web>,
    /// Which section is the sound's.
    pub position: usize,
    /// All sections, for later offers of ours, which must repeat them (RFC 3264 §8).
    pub sections: Vec<Section>,
}

impl Agreement {
    /// Whether the peer does not want to hear us.
    pub fn held(&self) -> bool {
        !self.direction.send
    }
}

/// Why there is no agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Of SIP.
    pub status: u16,
    pub reason: String,
}

fn refuse(status: u16, reason: impl Into<String>) -> Refusal {
    Refusal { status, reason: reason.into() }
}

/// Answer an offer: what is agreed and our text.
pub fn answer(offer: &Description, local: &Local<'_>, source: IpAddr) -> Result<(Agreement, String), Refusal> {
    let (position, section, chosen) = choose(offer, local.opus)?;
    let agreement = agreement(offer, position, section, &chosen, local.address, source, Setup::Passive)?;
    let bundled = section.mid.as_deref().filter(|mid| offer.bundle.iter().any(|bundled| bundled == mid));
    let web = agreement.web.as_ref();
    let sound = Sound {
        protocol: &section.protocol,
        port: local.port,
        codecs: &[(chosen.payload, chosen.codec)],
        events: &chosen.event.map(|payload| (payload, chosen.codec.clock())).into_iter().collect::<Vec<_>>(),
        direction: agreement.direction,
        mux: agreement.mux,
        rtcp_port: local.rtcp_port.filter(|_| !agreement.mux),
        mid: section.mid.as_deref(),
        ssrc: web.map(|_| (local.ssrc, local.cname)),
        secure: web.and_then(|web| secure(local, if web.active { Setup::Active } else { Setup::Passive })),
    };
    let mut sections: Vec<Written<'_>> = offer.sections.iter().map(refused).collect();
    sections[position] = Written::Sound(sound);
    let head = Head { address: local.address, id: local.session_id, version: local.version, bundle: bundled, lite: web.is_some() && local.secure.is_some() };
    Ok((agreement, write(&head, &sections)))
}

/// Our offer. `last` is what was agreed before, if something was. `web` without `local.secure` is a mistake and offers no security.
pub fn offer(local: &Local<'_>, last: Option<&Agreement>) -> String {
    let codecs = our_codecs(local.opus);
    let events = if local.opus { &OUR_EVENTS[..] } else { &OUR_EVENTS[..1] };
    let web = local.secure.is_some();
    let position = last.map_or(0, |last| last.position);
    let before = last.and_then(|last| last.sections.get(position));
    let mid = before.map_or(web.then_some("0"), |section| section.mid.as_deref());
    let protocol = before.map_or(if web { "UDP/TLS/RTP/SAVPF" } else { "RTP/AVP" }, |section| section.protocol.as_str());
    let mux = web || last.is_some_and(|last| last.mux);
    let sound = Sound {
        protocol,
        port: local.port,
        codecs: &codecs,
        events,
        direction: Direction::BOTH,
        mux,
        rtcp_port: local.rtcp_port.filter(|_| !mux),
        mid,
        ssrc: web.then_some((local.ssrc, local.cname)),
        secure: secure(local, Setup::Actpass),
    };
    let mut sections: Vec<Written<'_>> = last.map_or(&[][..], |last| &last.sections).iter().map(refused).collect();
    if sections.is_empty() {
        sections.push(Written::Sound(sound));
    } else {
        sections[position] = Written::Sound(sound);
    }
    let head = Head { address: local.address, id: local.session_id, version: local.version, bundle: mid.filter(|_| web), lite: web };
    write(&head, &sections)
}

/// Take the answer to an offer of ours made with the same `local` and `last`.
pub fn take(answer: &Description, local: &Local<'_>, last: Option<&Agreement>, source: IpAddr) -> Result<Agreement, Refusal> {
    let position = last.map_or(0, |last| last.position);
    let Some(section) = answer.sections.get(position).filter(|section| section.kind == "audio") else {
        return Err(refuse(488, "The answer has no sound where it was offered"));
    };
    if section.port == 0 {
        return Err(refuse(488, "The peer refused the sound"));
    }
    if local.secure.is_some() != section.attributes.fingerprint.or(answer.attributes.fingerprint).is_some() {
        return Err(refuse(488, "The answer speaks of DTLS where the offer did not, or the other way round"));
    }
    let ours = our_codecs(local.opus);
    let chosen = common(section, local.opus).filter(|chosen| ours.iter().any(|(_, codec)| *codec == chosen.codec));
    let Some(chosen) = chosen else { return Err(nothing_common(section, local.opus)) };
    let mut agreement = agreement(answer, position, section, &chosen, local.address, source, Setup::Actpass)?;
    // RFC 3264 §6.1 wants the offer's numbers to be kept; where they are not, ours hold for what comes to us.
    agreement.receives = ours.to_vec();
    agreement.event = chosen.event.and_then(|theirs| {
        let ours = OUR_EVENTS.iter().find(|(_, clock)| *clock == chosen.codec.clock())?;
        Some((theirs, ours.0))
    });
    if local.rtcp_port.is_none() && !agreement.mux {
        agreement.remote_rtcp = None;
    }
    Ok(agreement)
}

fn our_codecs(opus: bool) -> Vec<(u8, Codec)> {
    let mut codecs = vec![(0, Codec::Pcmu), (8, Codec::Pcma)];
    if opus {
        codecs.push((OUR_OPUS, Codec::Opus));
    }
    codecs
}

fn refused(section: &Section) -> Written<'_> {
    Written::Refused { kind: &section.kind, protocol: &section.protocol, formats: &section.formats, mid: section.mid.as_deref() }
}

fn secure<'a>(local: &Local<'a>, setup: Setup) -> Option<Secure<'a>> {
    let own = local.secure.as_ref()?;
    Some(Secure { ufrag: own.ufrag, pwd: own.pwd, fingerprint: own.fingerprint, setup, candidates: own.candidates })
}

struct Chosen {
    codec: Codec,
    payload: u8,
    event: Option<u8>,
}

/// The section that we take, and what of it.
fn choose(offer: &Description, opus: bool) -> Result<(usize, &Section, Chosen), Refusal> {
    if offer.sections.is_empty() {
        return Err(refuse(488, "The offer has no media"));
    }
    let mut why = refuse(488, "The offer has no sound");
    for (position, section) in offer.sections.iter().enumerate() {
        if section.kind != "audio" || section.port == 0 {
            continue;
        }
        if !understood(&section.protocol) {
            why = refuse(488, format!("The transport {} is not understood", printable(&section.protocol)));
            continue;
        }
        match common(section, opus) {
            Some(chosen) => return Ok((position, section, chosen)),
            None => why = nothing_common(section, opus),
        }
    }
    Err(why)
}

fn understood(protocol: &str) -> bool {
    matches!(protocol.to_ascii_uppercase().as_str(), "RTP/AVP" | "RTP/AVPF") || is_secure(protocol)
}

fn is_secure(protocol: &str) -> bool {
    // Older browsers wrote the profile without its transport (RFC 5764 §8).
    matches!(protocol.to_ascii_uppercase().as_str(), "UDP/TLS/RTP/SAVPF" | "UDP/TLS/RTP/SAVP" | "RTP/SAVPF")
}

fn encoding(section: &Section, format: &str) -> Option<(u8, String)> {
    let payload: u8 = format.parse().ok().filter(|payload| *payload < 128)?;
    // With multiplexing these would be taken for RTCP (RFC 5761 §4).
    if section.rtcp_mux && (64..96).contains(&payload) {
        return None;
    }
    let named = section.encodings.iter().find(|(number, _)| *number == payload).map(|(_, name)| name.clone());
    let name = named.or_else(|| static_encoding(payload).map(str::to_owned))?;
    Some((payload, name.strip_suffix("/1").map_or(name.clone(), str::to_owned)))
}

/// RFC 3551 §6, those that still occur.
fn static_encoding(payload: u8) -> Option<&'static str> {
    Some(match payload {
        0 => "pcmu/8000",
        3 => "gsm/8000",
        4 => "g723/8000",
        8 => "pcma/8000",
        9 => "g722/8000",
        13 => "cn/8000",
        15 => "g728/8000",
        18 => "g729/8000",
        _ => return None,
    })
}

/// G.711 in the peer's order of preference, else Opus: a leg of G.711 costs no transcoding.
fn common(section: &Section, opus: bool) -> Option<Chosen> {
    let encodings: Vec<(u8, String)> = section.formats.iter().filter_map(|format| encoding(section, format)).collect();
    let find =
        |wanted: &[(&str, Codec)]| encodings.iter().find_map(|(payload, name)| wanted.iter().find(|(encoding, _)| encoding == name).map(|(_, codec)| (*payload, *codec)));
    let opus = || find(&[("opus/48000/2", Codec::Opus)]).filter(|_| opus);
    let (payload, codec) = find(&[("pcmu/8000", Codec::Pcmu), ("pcma/8000", Codec::Pcma)]).or_else(opus)?;
    let event_name = format!("telephone-event/{}", codec.clock());
    let event = encodings.iter().find(|(_, name)| *name == event_name).map(|(payload, _)| *payload);
    Some(Chosen { codec, payload, event })
}

fn nothing_common(section: &Section, opus: bool) -> Refusal {
    let offered: Vec<String> = section
        .formats
        .iter()
        .map(|format| encoding(section, format).map_or_else(|| format.clone(), |(_, name)| name))
        .filter(|name| !name.starts_with("telephone-event") && !name.starts_with("cn/"))
        .take(24)
        .map(|name| printable(&name))
        .collect();
    let ours = if opus { "PCMU, PCMA and Opus" } else { "PCMU and PCMA" };
    refuse(488, format!("No common codec: {} offered, {ours} understood", offered.join(", ")))
}

fn printable(text: &str) -> String {
    text.chars().filter(char::is_ascii_graphic).take(40).collect()
}

/// `role` is our own setup where the peer leaves it open.
fn agreement(description: &Description, position: usize, section: &Section, chosen: &Chosen, own: IpAddr, source: IpAddr, role: Setup) -> Result<Agreement, Refusal> {
    let theirs = section.attributes.direction.or(description.attributes.direction).unwrap_or(Direction::BOTH);
    let mut direction = theirs.reversed();
    let web = if is_secure(&section.protocol) { Some(web(description, section, role)?) } else { None };
    let mux = section.rtcp_mux;
    let (mut remote, mut remote_rtcp, mut behind) = (None, None, None);
    if web.is_none() {
        let Some(connection) = section.attributes.connection.as_ref().or(description.attributes.connection.as_ref()) else {
            return Err(refuse(400, "The description has no c= line"));
        };
        match place(connection, own, source)? {
            None => direction.send = false,
            Some((address, other)) => {
                remote = Some(SocketAddr::new(address, section.port));
                behind = other;
                let rtcp = if mux { Some(section.port) } else { section.rtcp_port.or_else(|| section.port.checked_add(1)) };
                remote_rtcp = rtcp.map(|port| SocketAddr::new(address, port));
            }
        }
    }
    Ok(Agreement {
        codec: chosen.codec,
        payload: chosen.payload,
        receives: vec![(chosen.payload, chosen.codec)],
        event: chosen.event.map(|payload| (payload, payload)),
        direction,
        remote,
        remote_rtcp,
        behind,
        at_source: remote.is_some_and(|remote| remote.ip() == source.to_canonical()),
        mux,
        web,
        position,
        sections: description.sections.clone(),
    })
}

fn web(description: &Description, section: &Section, role: Setup) -> Result<Web, Refusal> {
    let (own, shared) = (&section.attributes, &description.attributes);
    let Some(fingerprint) = own.fingerprint.or(shared.fingerprint) else {
        return Err(refuse(488, "A secure description needs a fingerprint of SHA-256"));
    };
    let ufrag = own.ice_ufrag.as_ref().or(shared.ice_ufrag.as_ref());
    let pwd = own.ice_pwd.as_ref().or(shared.ice_pwd.as_ref());
    let (Some(ufrag), Some(pwd)) = (ufrag, pwd) else {
        return Err(refuse(488, "A secure description needs ice-ufrag and ice-pwd"));
    };
    if !section.rtcp_mux {
        return Err(refuse(488, "A secure description needs rtcp-mux"));
    }
    let active = match own.setup.or(shared.setup) {
        Some(Setup::Passive) => true,
        Some(Setup::Active) => false,
        Some(Setup::Actpass) | None => role == Setup::Active,
    };
    let digits: Vec<String> = fingerprint.iter().map(|byte| format!("{byte:02X}")).collect();
    Ok(Web { ufrag: ufrag.clone(), pwd: pwd.clone(), fingerprint: format!("sha-256 {}", digits.join(":")), active })
}

/// Where packets go, and whose packets may come besides. Nothing for the old way to hold.
fn place(connection: &Connection, own: IpAddr, source: IpAddr) -> Result<Option<(IpAddr, Option<IpAddr>)>, Refusal> {
    let source = source.to_canonical();
    let address = match connection {
        Connection::Name => return Ok(Some((source, Some(source)))),
        Connection::Address(address) => address.to_canonical(),
    };
    if address.is_unspecified() {
        return Ok(None);
    }
    if address.is_ipv4() != own.is_ipv4() {
        if source.is_ipv4() == own.is_ipv4() {
            return Ok(Some((source, Some(source))));
        }
        return Err(refuse(488, format!("The address {address} is not of the family of ours")));
    }
    if !is_private(address) || address == source {
        return Ok(Some((address, None)));
    }
    // This machine's own services are for peers on it alone.
    if (address.is_loopback() || is_link_local(address)) && !source.is_loopback() {
        return Ok(Some((source, Some(source))));
    }
    // Between private networks nobody knows which address reaches the peer; what it sends will tell.
    Ok(Some((if is_private(source) { address } else { source }, Some(source))))
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unicast_link_local(),
    }
}

/// Whether an address means something only where it comes from.
fn is_private(address: IpAddr) -> bool {
    match address {
        // Shared address space: RFC 6598.
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local() || (v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}
