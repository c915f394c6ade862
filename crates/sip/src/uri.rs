//! SIP URIs (RFC 3261 §19.1).

use std::{fmt, net::Ipv6Addr};

use crate::{
    escape::{escape, unescape},
    syntax::Malformed,
};

/// `sip:`, `sips:` or another scheme's URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// Lower case.
    pub scheme: String,
    /// Unescaped; of another scheme than SIP's, everything after the colon as it came.
    pub user: Option<String>,
    /// Unescaped.
    pub password: Option<String>,
    /// Lower case; an IPv6 address without its brackets. Empty of another scheme than SIP's.
    pub host: String,
    pub port: Option<u16>,
    /// Unescaped; names in lower case.
    pub params: Vec<(String, Option<String>)>,
    /// Unescaped.
    pub headers: Vec<(String, String)>,
}

const MALFORMED: Malformed = Malformed("Malformed URI");

/// Parameters and headers of one URI at most; our own bound, the standard names six parameters.
const MOST_PARTS: usize = 64;

impl Uri {
    /// `sip:user@host`.
    pub fn sip(user: Option<&str>, host: &str, port: Option<u16>) -> Self {
        Self {
            scheme: "sip".to_owned(),
            user: user.map(str::to_owned),
            password: None,
            host: host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase(),
            port,
            params: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// A whole URI without angle brackets and without space around it.
    ///
    /// # Errors
    /// `Malformed` for anything that RFC 3261 §25.1 does not allow, except that characters that ought to be escaped in the user part
    /// (`#`, letters beyond ASCII) and `_` in host names are taken as phones send them.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let (scheme, rest) = text.split_once(':').ok_or(MALFORMED)?;
        let mut letters = scheme.bytes();
        if !letters.next().is_some_and(|first| first.is_ascii_alphabetic()) || !letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            return Err(MALFORMED);
        }
        let scheme = scheme.to_ascii_lowercase();
        if rest.bytes().any(|byte| byte <= b' ' || byte == 0x7f || matches!(byte, b'<' | b'>' | b'"')) {
            return Err(MALFORMED);
        }
        if scheme != "sip" && scheme != "sips" {
            if rest.is_empty() {
                return Err(MALFORMED);
            }
            return Ok(Self { scheme, user: Some(rest.to_owned()), password: None, host: String::new(), port: None, params: Vec::new(), headers: Vec::new() });
        }
        let (user, password, rest) = match rest.split_once('@') {
            Some((info, rest)) => {
                let (user, password) = match info.split_once(':') {
                    Some((user, password)) => (user, Some(unescape(password)?)),
                    None => (info, None),
                };
                if user.is_empty() {
                    return Err(MALFORMED);
                }
                (Some(unescape(user)?), password, rest)
            }
            None => (None, None, rest),
        };
        let (host, port, rest) = host_and_port(rest)?;
        let (params, headers) = match rest.split_once('?') {
            Some((params, headers)) => (params, Some(headers)),
            None => (rest, None),
        };
        let mut uri = Self { scheme, user, password, host, port, params: Vec::new(), headers: Vec::new() };
        if let Some(params) = params.strip_prefix(';') {
            for part in params.split(';') {
                let (name, value) = match part.split_once('=') {
                    Some((name, value)) => (name, Some(plain(value)?)),
                    None => (part, None),
                };
                if name.is_empty() || value.as_deref() == Some("") || uri.params.len() >= MOST_PARTS {
                    return Err(MALFORMED);
                }
                let mut name = plain(name)?;
                name.make_ascii_lowercase();
                uri.params.push((name, value));
            }
        } else if !params.is_empty() {
            return Err(MALFORMED);
        }
        for part in headers.into_iter().flat_map(|headers| headers.split('&')) {
            let (name, value) = part.split_once('=').ok_or(MALFORMED)?;
            if name.is_empty() || uri.headers.len() >= MOST_PARTS {
                return Err(MALFORMED);
            }
            uri.headers.push((plain(name)?, plain(value)?));
        }
        Ok(uri)
    }

    pub fn is_sip(&self) -> bool {
        self.scheme == "sip" || self.scheme == "sips"
    }

    /// The value of a parameter; `Some("")` if it has none. `name` in lower case.
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.params, name)
    }

    pub fn set_param(&mut self, name: &str, value: Option<&str>) {
        set(&mut self.params, name, value);
    }

    /// `host`, with brackets if it is an IPv6 address, and the port if there is one.
    pub fn host_port(&self) -> String {
        HostPort(&self.host, self.port).to_string()
    }

    /// Whether both name the same resource: RFC 3261 §19.1.4.
    pub fn equivalent(&self, other: &Self) -> bool {
        if !self.is_sip() {
            return self == other;
        }
        let same_core = self.scheme == other.scheme
            && self.user == other.user
            && self.password == other.password
            && self.port == other.port
            && self.host.eq_ignore_ascii_case(&other.host);
        // These never match their absence; any other parameter matters only if both have it.
        let params_within = |one: &Self, other: &Self| {
            // Of a name that stands twice, which it must not, the first counts.
            let first = |at: usize, name: &str| !one.params[..at].iter().any(|(earlier, _)| earlier == name);
            let mut params = one.params.iter().enumerate().filter(|(at, (name, _))| first(*at, name)).map(|(_, param)| param);
            params.all(|(name, value)| match other.params.iter().find(|(theirs, _)| theirs == name) {
                Some((_, theirs)) => match (value, theirs) {
                    (Some(value), Some(theirs)) => value.eq_ignore_ascii_case(theirs),
                    (value, theirs) => value.is_none() && theirs.is_none(),
                },
                None => !matches!(name.as_str(), "user" | "ttl" | "method" | "maddr" | "transport"),
            })
        };
        let headers_within = |one: &Self, other: &Self| {
            one.headers.iter().all(|(name, value)| other.headers.iter().any(|(theirs, known)| theirs.eq_ignore_ascii_case(name) && known == value))
        };
        same_core
            && params_within(self, other)
            && params_within(other, self)
            && self.headers.len() == other.headers.len()
            && headers_within(self, other)
            && headers_within(other, self)
    }
}

/// The value of a parameter of a list; `Some("")` if it has none.
pub(crate) fn find<'a>(params: &'a [(String, Option<String>)], name: &str) -> Option<&'a str> {
    params.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_deref().unwrap_or_default())
}

pub(crate) fn set(params: &mut Vec<(String, Option<String>)>, name: &str, value: Option<&str>) {
    let value = value.map(str::to_owned);
    match params.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => *known = value,
        None => params.push((name.to_ascii_lowercase(), value)),
    }
}

/// Part of a URI in which no separator may stand unescaped.
fn plain(text: &str) -> Result<String, Malformed> {
    if text.bytes().any(|byte| matches!(byte, b'@' | b'=' | b';' | b',')) {
        return Err(MALFORMED);
    }
    unescape(text)
}

/// `host[:port]` and what follows it. The host is checked, in lower case and without brackets.
pub(crate) fn host_and_port(text: &str) -> Result<(String, Option<u16>, &str), Malformed> {
    let (mut host, rest) = if let Some(inside) = text.strip_prefix('[') {
        let (host, rest) = inside.split_once(']').ok_or(MALFORMED)?;
        // A colon too many is what the grammar of RFC 3261 made of addresses that end in an IPv4 address: RFC 5118 §4.10.
        let host = host.replacen(":::", "::", 1);
        host.parse::<Ipv6Addr>().map_err(|_| MALFORMED)?;
        (host, rest)
    } else {
        let end = text.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))).unwrap_or(text.len());
        (text[..end].to_owned(), &text[end..])
    };
    if host.is_empty() {
        return Err(MALFORMED);
    }
    host.make_ascii_lowercase();
    let Some(after) = rest.strip_prefix(':') else {
        return Ok((host, None, rest));
    };
    let end = after.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(after.len());
    let (digits, rest) = after.split_at(end);
    let port = digits.parse().map_err(|_| MALFORMED)?;
    Ok((host, Some(port), rest))
}

/// Writes a host, in brackets if it is an IPv6 address, and its port.
pub(crate) struct HostPort<'a>(pub &'a str, pub Option<u16>);

impl fmt::Display for HostPort<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains(':') {
            write!(out, "[{}]", self.0)?;
        } else {
            out.write_str(self.0)?;
        }
        match self.1 {
            Some(port) => write!(out, ":{port}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.scheme)?;
        out.write_str(":")?;
        if !self.is_sip() {
            return out.write_str(self.user.as_deref().unwrap_or_default());
        }
        if let Some(user) = &self.user {
            escape(out, user, b"&=+$,;?/")?;
            if let Some(password) = &self.password {
                out.write_str(":")?;
                escape(out, password, b"&=+$,")?;
            }
            out.write_str("@")?;
        }
        HostPort(&self.host, self.port).fmt(out)?;
        for (name, value) in &self.params {
            out.write_str(";")?;
            escape(out, name, b"[]/:&+$")?;
            if let Some(value) = value {
                out.write_str("=")?;
                escape(out, value, b"[]/:&+$")?;
            }
        }
        for (at, (name, value)) in self.headers.iter().enumerate() {
            out.write_str(if at == 0 { "?" } else { "&" })?;
            escape(out, name, b"[]/?:+$")?;
            out.write_str("=")?;
            escape(out, value, b"[]/:+$")?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Uri {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Uri {
        Uri::parse(text).unwrap()
    }

    /// The examples of RFC 3261 §19.1.4.
    #[test]
    fn uris_are_compared_as_the_standard_shows() {
        for (one, other) in [
            ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com;security=on"),
            ("sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com", "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com"),
            ("sip:alice@atlanta.com?subject=project%20x&priority=urgent", "sip:alice@atlanta.com?priority=urgent&subject=project%20x"),
            ("sip:a@b;lr;lr", "sip:a@b"),
            ("tel:+1", "TEL:+1"),
        ] {
            assert!(uri(one).equivalent(&uri(other)) && uri(other).equivalent(&uri(one)), "{one} {other}");
        }
        for (one, other) in [
            ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"),
            ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"),
            ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"),
            ("sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"),
            ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"),
            ("sip:bob@biloxi.com", "sips:bob@biloxi.com"),
            ("sip:biloxi.com", "sip:bob@biloxi.com"),
        ] {
            assert!(!uri(one).equivalent(&uri(other)) && !uri(other).equivalent(&uri(one)), "{one} {other}");
        }
    }

    #[test]
    fn a_byte_beyond_utf8_and_a_hash_come_through_once() {
        for (text, written) in [
            ("sip:%23%25%ff%C3%A9@h", "sip:%23%25%FF%C3%A9@h"),
            ("sip:#21@h", "sip:%2321@h"),
            ("sip:%F4%8F%BF%BF@h", "sip:%F4%8F%BF%BF@h"),
            ("sip:a@[2001:DB8::1]:5061;Maddr=[::1]", "sip:a@[2001:db8::1]:5061;maddr=[::1]"),
        ] {
            assert_eq!(uri(text).to_string(), written);
            assert_eq!(uri(written), uri(text));
        }
        assert_eq!(uri("sip:%25%34%31@h").user.as_deref(), Some("%41"));
    }

    #[test]
    fn what_is_no_uri_is_refused() {
        for text in [
            "",
            "sip:",
            "sip",
            "sip:@h",
            "sip:a@",
            "sip:a@h:",
            "sip:a@h:65536",
            "sip:a@h:5060x",
            "sip:a@h;;lr",
            "sip:a@h;lr=",
            "sip:a b@h",
            "sip:a@h?x",
            "sip:2001:db8::10",
            "sip:a@[::1",
            "sip:%4@h",
            "1sip:a@h",
            "sip:a@h\r\n",
            "<sip:a@h>",
        ] {
            assert!(Uri::parse(text).is_err(), "{text}");
        }
    }
}
