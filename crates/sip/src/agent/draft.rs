//! Requests and answers of ours on their way to bytes.

use cordboard_now::Instant;

use crate::{
    config::Methods,
    headers::{blank_line_ends, line, long_name},
    io::Credentials,
    message::reason_phrase,
    syntax::is_token,
};

/// Values of `Allow`.
pub(crate) struct Allow {
    /// What has a place inside a call: the answer to an INVITE says so, and a refusal there.
    pub inside: String,
    /// What has one outside: a refusal there says so. RFC 3261 §21.4.6.
    pub outside: String,
    /// Both. RFC 3261 §20.5.
    pub all: String,
}

impl Allow {
    pub fn new(methods: &Methods) -> Self {
        let list = |methods: &mut dyn Iterator<Item = &&'static str>| {
            let mut list = "INVITE, ACK, CANCEL, BYE".to_owned();
            methods.for_each(|method| list.extend([", ", method]));
            list
        };
        let others = methods.outside.iter().filter(|method| !methods.inside.contains(method));
        Self { inside: list(&mut methods.inside.iter()), outside: list(&mut methods.outside.iter()), all: list(&mut methods.inside.iter().chain(others)) }
    }
}

/// Hops at most. RFC 3261 §8.1.1.6.
pub(crate) const MAX_FORWARDS: u8 = 70;

/// A request of ours without what its way decides: Via and Contact.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub method: Box<str>,
    pub uri: Box<str>,
    pub from: Box<str>,
    pub to: Box<str>,
    pub call_id: Box<str>,
    pub cseq: u32,
    pub max_forwards: u8,
    pub routes: Vec<Box<str>>,
    pub contact_user: Option<Box<str>>,
    /// The user's fields.
    pub extra: Fields,
    /// Content type and content.
    pub body: Option<(String, Vec<u8>)>,
    pub credentials: Option<Credentials>,
    pub answered: Vec<Answered>,
    /// How often it has crossed a request of the peer's.
    pub tries: u32,
}

/// The answer to a challenge: its realm, the field that it is, and whether the nonce of the first was too old.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub realm: String,
    pub name: &'static str,
    pub value: String,
    pub stale: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            method: "".into(),
            uri: "".into(),
            from: "".into(),
            to: "".into(),
            call_id: "".into(),
            cseq: 0,
            max_forwards: MAX_FORWARDS,
            routes: Vec::new(),
            contact_user: None,
            extra: Fields::default(),
            body: None,
            credentials: None,
            answered: Vec::new(),
            tries: 0,
        }
    }
}

impl Draft {
    /// `contact` is the value of Contact, if there is to be one.
    pub fn write(&self, via: &str, contact: Option<&str>, allow: &Allow, user_agent: &str) -> Vec<u8> {
        let mut out = self.head(&self.method, via, &self.to);
        if let Some(contact) = contact {
            line(&mut out, "Contact", contact);
        }
        for Answered { name, value, .. } in &self.answered {
            line(&mut out, name, value);
        }
        match &*self.method {
            "INVITE" | "UPDATE" if !self.extra.has("Allow") => line(&mut out, "Allow", &allow.inside),
            "OPTIONS" if !self.extra.has("Allow") => line(&mut out, "Allow", &allow.all),
            _ => {}
        }
        if !user_agent.is_empty() && !self.extra.has("User-Agent") {
            line(&mut out, "User-Agent", user_agent);
        }
        self.extra.write(&mut out);
        finish(out, self.body.as_ref())
    }

    /// The ACK to a response other than 2xx, and the CANCEL: of the same transaction. RFC 3261 §9.1, §17.1.1.3.
    pub fn write_companion(&self, method: &str, via: &str, to: &str, user_agent: &str, fields: &Fields) -> Vec<u8> {
        let mut out = self.head(method, via, to);
        if !user_agent.is_empty() {
            line(&mut out, "User-Agent", user_agent);
        }
        fields.write(&mut out);
        finish(out, None)
    }

    fn head(&self, method: &str, via: &str, to: &str) -> Vec<u8> {
        let mut out = Vec::with_capacity(1_024 + self.body.as_ref().map_or(0, |(_, content)| content.len()));
        out.extend_from_slice(method.as_bytes());
        out.push(b' ');
        out.extend_from_slice(self.uri.as_bytes());
        blank_line_ends(&mut out);
        out.extend_from_slice(b" SIP/2.0\r\n");
        line(&mut out, "Via", via);
        for route in &self.routes {
            line(&mut out, "Route", route);
        }
        line(&mut out, "Max-Forwards", &self.max_forwards.to_string());
        line(&mut out, "From", &self.from);
        line(&mut out, "To", to);
        line(&mut out, "Call-ID", &self.call_id);
        line(&mut out, "CSeq", &format!("{} {method}", self.cseq));
        out
    }
}

/// Fields of the user that may go out: names are tokens, values have no control characters, and none belongs to the agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Leaves out what may not go out; `contact` says whether the user's Contact may.
    pub fn of_user(fields: Vec<(String, String)>, contact: bool) -> Self {
        Self(fields.into_iter().filter(|(name, value)| may_go_out(name, value, contact)).collect())
    }

    pub fn push(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| long_name(known).eq_ignore_ascii_case(name))
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        for (name, value) in &self.0 {
            line(out, name, value);
        }
    }
}

/// Fields that say which dialog and transaction a message belongs to, and how long it is.
const OWN: [&str; 11] = ["Via", "From", "To", "Call-ID", "CSeq", "Route", "Record-Route", "Max-Forwards", "Content-Length", "Content-Type", "Transfer-Encoding"];

fn may_go_out(name: &str, value: &str, contact: bool) -> bool {
    let long = long_name(name);
    is_token(name) && is_plain(value) && !OWN.iter().any(|own| own.eq_ignore_ascii_case(long)) && (contact || !long.eq_ignore_ascii_case("Contact"))
}

/// Whether a value cannot end its line.
pub(crate) fn is_plain(value: &str) -> bool {
    !value.bytes().any(|byte| (byte < b' ' && byte != b'\t') || byte == 0x7f)
}

/// What a response takes over from its request, with our tag: RFC 3261 §8.2.6.2.
#[derive(Clone, Debug, Default)]
pub(crate) struct Echo {
    /// Via, From, To, Call-ID and CSeq as lines.
    pub head: Vec<u8>,
    /// Record-Route as lines: for responses that make a dialog.
    pub record_routes: Vec<u8>,
    /// The value of Contact for responses that make or refresh a dialog.
    pub contact: Option<Box<str>>,
    /// Whether a 2xx says which methods there are.
    pub allow: bool,
    /// The value of Timestamp, and when the request came.
    pub timestamp: Option<(Box<str>, Instant)>,
}

impl Echo {
    /// What a 100 says of how long it took, in seconds. RFC 3261 §8.2.6.1.
    pub fn timestamp(&self, now: Instant) -> Option<String> {
        let (value, came) = self.timestamp.as_ref()?;
        let delay_ms = now.0.saturating_sub(came.0);
        Some(if delay_ms == 0 { value.to_string() } else { format!("{value} {}.{:03}", delay_ms / 1_000, delay_ms % 1_000) })
    }

    /// `allow` is the value of Allow where there must be one.
    pub fn write(&self, status: u16, reason: &str, allow: &str, server: &str, fields: &Fields, body: Option<&(String, Vec<u8>)>) -> Vec<u8> {
        let reason = if reason.is_empty() { reason_phrase(status) } else { reason };
        let mut out = Vec::with_capacity(self.head.len() + 512 + body.map_or(0, |(_, content)| content.len()));
        out.extend_from_slice(b"SIP/2.0 ");
        decimal(&mut out, usize::from(status));
        out.push(b' ');
        let from = out.len();
        out.extend_from_slice(reason.as_bytes());
        blank_line_ends(&mut out[from..]);
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&self.head);
        if (101..300).contains(&status) {
            out.extend_from_slice(&self.record_routes);
            if let Some(contact) = &self.contact {
                line(&mut out, "Contact", contact);
            }
        }
        if ((self.allow && (200..300).contains(&status)) || matches!(status, 405 | 501)) && !fields.has("Allow") {
            line(&mut out, "Allow", allow);
        }
        if !server.is_empty() && !fields.has("Server") {
            line(&mut out, "Server", server);
        }
        fields.write(&mut out);
        finish(out, body)
    }
}

fn finish(mut out: Vec<u8>, body: Option<&(String, Vec<u8>)>) -> Vec<u8> {
    let content: &[u8] = match body {
        Some((content_type, content)) if !content.is_empty() => {
            line(&mut out, "Content-Type", content_type);
            content
        }
        _ => b"",
    };
    out.extend_from_slice(b"Content-Length: ");
    decimal(&mut out, content.len());
    out.extend_from_slice(b"\r\n\r\n");
    out.extend_from_slice(content);
    out
}

fn decimal(out: &mut Vec<u8>, number: usize) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        // A remainder by ten fits.
        #[allow(clippy::cast_possible_truncation)]
        let digit = (rest % 10) as u8;
        digits[at] = b'0' + digit;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_field_of_the_user_can_neither_end_its_line_nor_be_one_of_the_agents() {
        let kept = Fields::of_user(
            owned(&[("X-A", "1\r\nVia: evil"), ("X B", "2"), ("v", "SIP/2.0/UDP evil"), ("Content-length", "5"), ("m", "<sip:evil>"), ("X-C", "3")]),
            false,
        );
        assert_eq!(kept, Fields(owned(&[("X-C", "3")])));
        assert!(Fields::of_user(owned(&[("Contact", "<sip:a@b>")]), true).has("contact"));
    }

    #[test]
    fn a_reason_with_a_line_end_stays_one_line() {
        let text = Echo::default().write(486, "Busy\r\nX: y", "", "", &Fields::default(), None);
        assert_eq!(String::from_utf8(text).unwrap(), "SIP/2.0 486 Busy  X: y\r\nContent-Length: 0\r\n\r\n");
    }

    #[test]
    fn a_companion_has_the_transactions_branch_number_and_route() {
        let draft = Draft { method: "INVITE".into(), uri: "sip:b@h".into(), routes: vec!["<sip:p;lr>".into()], cseq: 7, call_id: "c".into(), ..Draft::default() };
        let text = String::from_utf8(draft.write_companion("CANCEL", "SIP/2.0/UDP a;branch=z9hG4bKx", "<sip:b@h>", "", &Fields::default())).unwrap();
        assert!(text.starts_with("CANCEL sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bKx\r\nRoute: <sip:p;lr>\r\n"));
        assert!(text.contains("CSeq: 7 CANCEL\r\n"));
    }
}
