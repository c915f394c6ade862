use std::net::IpAddr;

use super::{Attributes, Connection, Description, Direction, Section, Setup};

/// Chromium's offer of sound and pictures has some 10,000 bytes.
const LONGEST_BYTES: usize = 64 * 1024;
/// Lines beyond are no description of a call.
const MOST_LINES: usize = 2000;
/// Sections of one description.
const MOST_SECTIONS: usize = 32;
/// Payload types are 7 bits, and half of them are not RTP's to give (RFC 5761 §4).
const MOST_FORMATS: usize = 128;
/// `ice-pwd` and `ice-ufrag` have at most 256 characters (RFC 8839 §5.4).
const LONGEST_TOKEN: usize = 256;

/// Read a description. Lines that do not concern us are skipped; what concerns us and cannot be read is an error in words.
pub fn parse(bytes: &[u8]) -> Result<Description, String> {
    if bytes.len() > LONGEST_BYTES {
        return Err("The description is too long".into());
    }
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.split(['\n', '\r']).filter(|line| !line.is_empty());
    if lines.next() != Some("v=0") {
        return Err("The description does not begin with v=0".into());
    }
    let mut description = Description::default();
    let mut has_origin = false;
    for (count, line) in lines.enumerate() {
        if count > MOST_LINES {
            return Err("The description has too many lines".into());
        }
        let Some((kind, value)) = line.split_once('=') else {
            return Err(format!("A line of the description has no equals sign: {}", short(line)));
        };
        match kind {
            "o" => {
                origin(value)?;
                has_origin = true;
            }
            "m" => {
                if description.sections.len() == MOST_SECTIONS {
                    return Err("The description has too many media sections".into());
                }
                description.sections.push(section(value)?);
            }
            "c" => {
                let connection = connection(value)?;
                let attributes = match description.sections.last_mut() {
                    Some(section) => &mut section.attributes,
                    None => &mut description.attributes,
                };
                // Several lines are layers of a multicast; the first is the base.
                attributes.connection.get_or_insert(connection);
            }
            "a" => attribute(&mut description, value)?,
            _ => {}
        }
    }
    if has_origin { Ok(description) } else { Err("The description has no o= line".into()) }
}

fn origin(value: &str) -> Result<(), String> {
    // Who it is, its number and version, and the network, type and name of an address.
    if value.split_ascii_whitespace().count() < 6 {
        return Err(format!("The o= line lacks fields: {}", short(value)));
    }
    Ok(())
}

fn section(value: &str) -> Result<Section, String> {
    let mut words = value.split_ascii_whitespace();
    let (Some(kind), Some(port), Some(protocol)) = (words.next(), words.next(), words.next()) else {
        return Err(format!("An m= line lacks fields: {}", short(value)));
    };
    let port = port.split('/').next().unwrap_or(port);
    let port = port.parse().map_err(|_| format!("The port of an m= line is none: {}", short(value)))?;
    let formats: Vec<String> = words.map(str::to_owned).take(MOST_FORMATS).collect();
    if formats.is_empty() {
        return Err(format!("An m= line has no formats: {}", short(value)));
    }
    Ok(Section { kind: kind.to_ascii_lowercase(), port, protocol: protocol.to_owned(), formats, ..Section::default() })
}

fn connection(value: &str) -> Result<Connection, String> {
    let mut words = value.split_ascii_whitespace();
    let (Some(net), Some(kind), Some(address)) = (words.next(), words.next(), words.next()) else {
        return Err(format!("A c= line lacks fields: {}", short(value)));
    };
    if !net.eq_ignore_ascii_case("IN") {
        return Err(format!("The network of a c= line is not IN: {}", short(value)));
    }
    // `/ttl` and the number of addresses belong to multicast.
    let address = address.split('/').next().unwrap_or(address);
    let parsed: Option<IpAddr> = match kind.to_ascii_uppercase().as_str() {
        "IP4" => address.parse().ok().map(IpAddr::V4),
        "IP6" => address.parse().ok().map(IpAddr::V6),
        _ => return Err(format!("The address type of a c= line is unknown: {}", short(value))),
    };
    match parsed {
        Some(address) if address.is_multicast() => Err(format!("A c= line names a multicast group: {}", short(value))),
        Some(address) => Ok(Connection::Address(address)),
        None if address.contains(|letter: char| letter.is_ascii_alphabetic()) && !address.contains(':') => Ok(Connection::Name),
        None => Err(format!("The address of a c= line is none: {}", short(value))),
    }
}

fn attribute(description: &mut Description, line: &str) -> Result<(), String> {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    let value = value.trim();
    match (name, description.sections.last_mut()) {
        ("group", _) => {
            let mut words = value.split_ascii_whitespace();
            if words.next() == Some("BUNDLE") {
                description.bundle = words.take(MOST_SECTIONS).map(str::to_owned).collect();
            }
        }
        ("rtpmap", Some(section)) => {
            // One that cannot be read names a payload type that nobody can use.
            if let Some((payload, encoding)) = value.split_once(' ')
                && let Ok(payload @ 0..=127) = payload.parse()
                && section.encodings.len() < MOST_FORMATS
            {
                section.encodings.push((payload, encoding.trim().to_ascii_lowercase()));
            }
        }
        ("rtcp-mux", Some(section)) => section.rtcp_mux = true,
        ("rtcp", Some(section)) => section.rtcp_port = value.split(' ').next().and_then(|port| port.parse().ok()),
        ("mid", Some(section)) if value.len() <= LONGEST_TOKEN => section.mid = Some(value.to_owned()),
        (_, Some(section)) => shared(&mut section.attributes, name, value)?,
        (_, None) => shared(&mut description.attributes, name, value)?,
    }
    Ok(())
}

fn shared(attributes: &mut Attributes, name: &str, value: &str) -> Result<(), String> {
    match name {
        "sendrecv" => attributes.direction = Some(Direction::BOTH),
        "sendonly" => attributes.direction = Some(Direction { send: true, receive: false }),
        "recvonly" => attributes.direction = Some(Direction { send: false, receive: true }),
        "inactive" => attributes.direction = Some(Direction { send: false, receive: false }),
        "ice-ufrag" => attributes.ice_ufrag = Some(token(name, value)?),
        "ice-pwd" => attributes.ice_pwd = Some(token(name, value)?),
        "setup" => {
            attributes.setup = match value {
                "actpass" => Some(Setup::Actpass),
                "active" => Some(Setup::Active),
                "passive" => Some(Setup::Passive),
                _ => None,
            }
        }
        "fingerprint" => {
            // Others may stand beside SHA-256 (RFC 8122 §5).
            if let Some((hash, digits)) = value.split_once(' ')
                && hash.eq_ignore_ascii_case("sha-256")
            {
                attributes.fingerprint = Some(fingerprint(digits.trim()).ok_or_else(|| format!("A fingerprint cannot be read: {}", short(value)))?);
            }
        }
        _ => {}
    }
    Ok(())
}

fn token(name: &str, value: &str) -> Result<String, String> {
    let fits = !value.is_empty() && value.len() <= LONGEST_TOKEN && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
    if fits { Ok(value.to_owned()) } else { Err(format!("{name} cannot be read")) }
}

fn fingerprint(digits: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    let mut parts = digits.split(':');
    for byte in &mut out {
        let part = parts.next()?;
        if part.len() != 2 {
            return None;
        }
        *byte = u8::from_str_radix(part, 16).ok()?;
    }
    parts.next().is_none().then_some(out)
}

/// Enough of a hostile text for a message.
fn short(text: &str) -> String {
    text.chars().take(60).filter(|letter| !letter.is_control()).collect()
}
