//! The grammar of the header fields that an agent reads.

use std::fmt;

use crate::{
    headers::Headers,
    message::MOST_HOPS,
    syntax::{Malformed, Params, Quoted, find_outside, is_token, list, params, quoted, token_byte, trim},
    uri::{HostPort, Uri, find, host_and_port, set},
};

/// `"Display Name" <uri>;params` of From, To, Contact, Route and their like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameAddr {
    /// Without quotes and escapes.
    pub display_name: Option<String>,
    pub uri: Uri,
    /// Of the field, not of the URI. Names in lower case, values without quotes.
    pub params: Vec<(String, Option<String>)>,
}

impl NameAddr {
    pub fn new(uri: Uri) -> Self {
        Self { display_name: None, uri, params: Vec::new() }
    }

    /// One value, with or without angle brackets. Without them parameters are the field's (RFC 3261 §20), and `,` and `?` must not
    /// occur.
    ///
    /// # Errors
    /// `Malformed` for anything that RFC 3261 §25.1 does not allow; space inside the angle brackets is taken.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        const MALFORMED: Malformed = Malformed("Malformed address");
        let text = trim(text);
        let (display_name, rest) = if text.starts_with('"') {
            let (name, rest) = quoted(text)?;
            (Some(name), trim(rest))
        } else {
            match text.find('<') {
                Some(0) => (None, text),
                Some(at) => {
                    let name = trim(&text[..at]);
                    // Letters beyond ASCII ought to stand in quotes, but cannot be taken for anything else.
                    if !name.bytes().all(|byte| token_byte(byte) || byte == b' ' || byte == b'\t' || byte >= 0x80) {
                        return Err(Malformed("Malformed display name"));
                    }
                    (Some(name.to_owned()), &text[at..])
                }
                None => {
                    let end = text.find([';', ' ', '\t']).unwrap_or(text.len());
                    let (uri, rest) = text.split_at(end);
                    if uri.contains([',', '?']) {
                        return Err(MALFORMED);
                    }
                    return Ok(Self { display_name: None, uri: Uri::parse(uri)?, params: params(rest)? });
                }
            }
        };
        let inside = rest.strip_prefix('<').ok_or(MALFORMED)?;
        let (uri, rest) = inside.split_once('>').ok_or(MALFORMED)?;
        Ok(Self { display_name, uri: Uri::parse(trim(uri))?, params: params(rest)? })
    }

    /// The value of a parameter; `Some("")` if it has none. `name` in lower case.
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.params, name)
    }

    pub fn set_param(&mut self, name: &str, value: Option<&str>) {
        set(&mut self.params, name, value);
    }

    pub fn tag(&self) -> Option<&str> {
        self.param("tag").filter(|tag| !tag.is_empty())
    }
}

impl fmt::Display for NameAddr {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.display_name {
            write!(out, "{} ", Quoted(name))?;
        }
        write!(out, "<{}>{}", self.uri, Params(&self.params))
    }
}

/// One value of Via.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Via {
    /// Upper case: `UDP`, `TCP`, `TLS`, `WS`, `WSS` or another.
    pub transport: String,
    /// Lower case; an IPv6 address without its brackets.
    pub host: String,
    pub port: Option<u16>,
    /// Names in lower case, values without quotes.
    pub params: Vec<(String, Option<String>)>,
}

impl Via {
    /// One value.
    ///
    /// # Errors
    /// `Malformed` for anything that RFC 3261 §25.1 does not allow, and for another protocol than SIP/2.0.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        const MALFORMED: Malformed = Malformed("Malformed Via");
        let (protocol, rest) = text.split_once('/').ok_or(MALFORMED)?;
        let (version, rest) = rest.split_once('/').ok_or(MALFORMED)?;
        if !trim(protocol).eq_ignore_ascii_case("SIP") || trim(version) != "2.0" {
            return Err(MALFORMED);
        }
        let rest = trim(rest);
        let (transport, rest) = rest.split_at(rest.find([' ', '\t']).ok_or(MALFORMED)?);
        if !is_token(transport) {
            return Err(MALFORMED);
        }
        let rest = trim(rest);
        let (sent_by, rest) = rest.split_at(rest.find(';').unwrap_or(rest.len()));
        let sent_by = trim(sent_by);
        // Space may stand around the colon of the port.
        let joined: String;
        let sent_by = if sent_by.contains([' ', '\t']) {
            let (host, port) = sent_by.rsplit_once(':').ok_or(MALFORMED)?;
            joined = format!("{}:{}", trim(host), trim(port));
            joined.as_str()
        } else {
            sent_by
        };
        let (host, port, after) = host_and_port(sent_by).map_err(|_| MALFORMED)?;
        if !after.is_empty() {
            return Err(MALFORMED);
        }
        let params = params(rest).map_err(|_| MALFORMED)?;
        Ok(Self { transport: transport.to_ascii_uppercase(), host, port, params })
    }

    /// The value of a parameter; `Some("")` if it has none. `name` in lower case.
    pub fn param(&self, name: &str) -> Option<&str> {
        find(&self.params, name)
    }

    pub fn set_param(&mut self, name: &str, value: Option<&str>) {
        set(&mut self.params, name, value);
    }

    pub fn branch(&self) -> Option<&str> {
        self.param("branch").filter(|branch| !branch.is_empty())
    }

    /// `host[:port]` as it is written, for comparing.
    pub fn sent_by(&self) -> String {
        HostPort(&self.host, self.port).to_string()
    }
}

impl fmt::Display for Via {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SIP/2.0/{} {}{}", self.transport, HostPort(&self.host, self.port), Params(&self.params))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CSeq {
    /// Below 2³¹: RFC 3261 §8.1.1.5.
    pub number: u32,
    pub method: String,
}

impl CSeq {
    /// # Errors
    /// `Malformed` for a number of 2³¹ or more and anything else that is not a number, space and a method.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        const MALFORMED: Malformed = Malformed("Malformed CSeq");
        let (number, method) = trim(text).split_once([' ', '\t']).ok_or(MALFORMED)?;
        let method = trim(method);
        if !number.bytes().all(|byte| byte.is_ascii_digit()) || !is_token(method) {
            return Err(MALFORMED);
        }
        let number = number.parse().ok().filter(|number| *number < 1 << 31).ok_or(MALFORMED)?;
        Ok(Self { number, method: method.to_owned() })
    }
}

impl fmt::Display for CSeq {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.number, self.method)
    }
}

/// The values of Contact in a REGISTER or its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contacts {
    /// `*`: RFC 3261 §10.2.2.
    All,
    Some(Vec<NameAddr>),
}

/// Typed fields. What is missing and required is `Malformed("Missing …")`.
impl Headers {
    /// # Errors
    /// `Malformed` if there is none or the first is not one.
    pub fn via_top(&self) -> Result<Via, Malformed> {
        let first = self.get("Via").ok_or(Malformed("Missing Via"))?;
        Via::parse(list(first).next().unwrap_or_default())
    }

    /// All, topmost first, at most [`MOST_HOPS`].
    ///
    /// # Errors
    /// `Malformed` if one of them is not one.
    pub fn vias(&self) -> Result<Vec<Via>, Malformed> {
        self.all("Via").flat_map(list).take(MOST_HOPS).map(Via::parse).collect()
    }

    /// Puts another value in the place of the topmost: `received` and `rport`.
    pub fn set_via_top(&mut self, via: &Via) {
        let Some(first) = self.get("Via") else { return self.prepend("Via", via.to_string()) };
        let value = match find_outside(first, b",") {
            Some(at) => format!("{via}{}", &first[at..]),
            None => via.to_string(),
        };
        if let Some(known) = self.first_mut("Via") {
            *known = value;
        }
    }

    /// # Errors
    /// `Malformed` if it is missing or not an address.
    pub fn from(&self) -> Result<NameAddr, Malformed> {
        NameAddr::parse(self.get("From").ok_or(Malformed("Missing From"))?).map_err(|_| Malformed("Malformed From"))
    }

    /// # Errors
    /// `Malformed` if it is missing or not an address.
    pub fn to(&self) -> Result<NameAddr, Malformed> {
        NameAddr::parse(self.get("To").ok_or(Malformed("Missing To"))?).map_err(|_| Malformed("Malformed To"))
    }

    /// # Errors
    /// `Malformed` if it is missing or empty.
    pub fn call_id(&self) -> Result<&str, Malformed> {
        self.get("Call-ID").filter(|id| !id.is_empty()).ok_or(Malformed("Missing Call-ID"))
    }

    /// # Errors
    /// `Malformed` if it is missing or not one.
    pub fn cseq(&self) -> Result<CSeq, Malformed> {
        CSeq::parse(self.get("CSeq").ok_or(Malformed("Missing CSeq"))?)
    }

    /// Contact values; `Some` of none if there is no such field.
    ///
    /// # Errors
    /// `Malformed` if one of them is not an address, or `*` is not alone.
    pub fn contacts(&self) -> Result<Contacts, Malformed> {
        if self.get("Contact") == Some("*") && self.all("Contact").count() == 1 {
            return Ok(Contacts::All);
        }
        self.addresses("Contact").map(Contacts::Some)
    }

    /// The first Contact: the remote target of a dialog.
    ///
    /// # Errors
    /// `Malformed` if it is not an address.
    pub fn contact(&self) -> Result<Option<NameAddr>, Malformed> {
        self.get("Contact").map(|first| NameAddr::parse(list(first).next().unwrap_or_default()).map_err(|_| Malformed("Malformed Contact"))).transpose()
    }

    /// All values of a field that is a list of addresses: Route, P-Asserted-Identity, Diversion, Path.
    ///
    /// # Errors
    /// `Malformed` if one of them is not an address, or there are more than [`MOST_HOPS`].
    pub fn addresses(&self, name: &str) -> Result<Vec<NameAddr>, Malformed> {
        let reason = match name {
            "Contact" => "Malformed Contact",
            "Route" => "Malformed Route",
            "Record-Route" => "Malformed Record-Route",
            _ => "Malformed address",
        };
        let mut found = Vec::new();
        for value in self.all(name).flat_map(list) {
            if found.len() >= MOST_HOPS {
                return Err(Malformed(reason));
            }
            found.push(NameAddr::parse(value).map_err(|_| Malformed(reason))?);
        }
        Ok(found)
    }

    /// A number above 255, which the standard does not know, is as good as none.
    pub fn max_forwards(&self) -> Option<u8> {
        self.get("Max-Forwards").and_then(|value| trim(value).parse().ok())
    }

    /// Seconds; what is larger than 2³² − 1 is that (RFC 3261 §20.19). What is no number is as good as none.
    pub fn expires(&self) -> Option<u32> {
        self.get("Expires").and_then(seconds)
    }

    /// The media type in lower case without its parameters.
    pub fn content_type(&self) -> Option<String> {
        let value = self.get("Content-Type")?;
        let media = value.split(';').next().unwrap_or_default();
        Some(media.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_ascii_lowercase())
    }

    /// Whether a list of tokens (Supported, Require, Allow, …) has this one, whatever its case.
    pub fn lists(&self, name: &str, token: &str) -> bool {
        self.values(name).any(|value| value.eq_ignore_ascii_case(token))
    }
}

/// `delta-seconds`, clipped to 2³² − 1.
pub(crate) fn seconds(text: &str) -> Option<u32> {
    let text = trim(text);
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&str, &str)]) -> Headers {
        let mut headers = Headers::new();
        headers.extend(fields.iter().copied());
        headers
    }

    #[test]
    fn commas_part_values_only_outside_of_quotes_and_angles() {
        let headers = headers(&[("Contact", "\"a, b\" <sip:x,y@h>;q=1, <sip:z@h>"), ("Contact", "sip:w@h;expires=5")]);
        let Ok(Contacts::Some(contacts)) = headers.contacts() else { panic!("no contacts") };
        assert_eq!(contacts.iter().map(|contact| contact.uri.user.as_deref().unwrap()).collect::<Vec<_>>(), ["x,y", "z", "w"]);
        assert_eq!(headers.contact().unwrap().unwrap().display_name.as_deref(), Some("a, b"));
        assert_eq!(contacts[2].param("expires"), Some("5"));
    }

    #[test]
    fn the_top_via_is_changed_in_lists_and_in_fields() {
        let mut headers = headers(&[("Via", "SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b"), ("Via", "SIP/2.0/TCP c")]);
        let mut top = headers.via_top().unwrap();
        top.set_param("received", Some("2001:db8::1"));
        headers.set_via_top(&top);
        assert_eq!(headers.get("Via"), Some("SIP/2.0/UDP a;branch=1;received=2001:db8::1, SIP/2.0/UDP b"));
        assert_eq!(headers.vias().unwrap().iter().map(|via| via.host.as_str()).collect::<String>(), "abc");
    }

    #[test]
    fn numbers_are_clipped_or_refused() {
        assert_eq!(headers(&[("Expires", "99999999999")]).expires(), Some(u32::MAX));
        assert_eq!(headers(&[("Expires", "-1")]).expires(), None);
        assert_eq!(CSeq::parse("2147483647 ACK").map(|cseq| cseq.number), Ok(2_147_483_647));
        for text in ["2147483648 ACK", "+1 ACK", "1", "1 ", " ACK", "1 A B"] {
            assert!(CSeq::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn more_hops_than_there_can_be_are_refused() {
        let many = headers(&[("Route", &["<sip:h>"; MOST_HOPS + 1].join(","))]);
        assert_eq!(many.addresses("Route"), Err(Malformed("Malformed Route")));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "<>",
            "sip:a@h>",
            "<sip:a@h",
            "\"a <sip:a@h>",
            "a, b <sip:a@h>",
            "<sip:a@h>x",
            "<sip:a@h>;;",
            "<sip:a@h>;=1",
            "<sip:a@h>;a=",
            "sip:a@h?x=y",
            "<sip:a@h> <sip:b@h>",
        ] {
            assert!(NameAddr::parse(text).is_err(), "{text}");
        }
    }
}
