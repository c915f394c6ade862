//! Header fields in their order.

use std::borrow::Cow;

use crate::syntax::{list, token_byte};

/// Fields as they came: names in the sender's spelling, compact forms as the long name, values without folding and without the
/// space around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(Vec<(Cow<'static, str>, String)>);

impl Headers {
    pub fn new() -> Self {
        Self(Vec::with_capacity(16))
    }

    /// The first field of this name, whatever its case; its compact form counts as the long one.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The values of all fields of a name whose values are lists (RFC 3261 §7.3.1), one by one; not for fields in which a comma is
    /// plain, such as Authorization, Date or Subject.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.all(name).flat_map(list).filter(|value| !value.is_empty())
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a field behind the others.
    pub fn push(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((shared(name), value.into()));
    }

    /// Adds a field before the others: the top Via or Record-Route.
    pub fn prepend(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(0, (shared(name), value.into()));
    }

    /// Leaves one field of this name, in the place of the first that there was or behind the others.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let Some(at) = self.0.iter().position(|(known, _)| known.eq_ignore_ascii_case(name)) else {
            return self.push(name, value);
        };
        let mut index = 0;
        self.0.retain(|(known, _)| {
            index += 1;
            index <= at + 1 || !known.eq_ignore_ascii_case(name)
        });
        self.0[at].1 = value.into();
    }

    /// Removes all fields of this name; tells whether there were any.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.0.len() != before
    }

    pub(crate) fn first_mut(&mut self, name: &str) -> Option<&mut String> {
        self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn last_mut(&mut self) -> Option<&mut String> {
        self.0.last_mut().map(|(_, value)| value)
    }

    /// Writes `name: value CRLF` for each field except Content-Length. CR and LF become spaces, so that no value can end
    /// its line; fields whose names are not tokens are left out.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        for (name, value) in &self.0 {
            if name.eq_ignore_ascii_case("Content-Length") || name.is_empty() || !name.bytes().all(token_byte) {
                continue;
            }
            line(out, name, value);
        }
    }
}

/// Writes one field, which no value can end.
pub(crate) fn line(out: &mut Vec<u8>, name: &str, value: &str) {
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b": ");
    let from = out.len();
    out.extend_from_slice(value.as_bytes());
    blank_line_ends(&mut out[from..]);
    out.extend_from_slice(b"\r\n");
}

/// Makes spaces of what would end a line.
pub(crate) fn blank_line_ends(bytes: &mut [u8]) {
    for byte in bytes {
        if matches!(*byte, b'\r' | b'\n') {
            *byte = b' ';
        }
    }
}

impl<N: AsRef<str>, V: Into<String>> Extend<(N, V)> for Headers {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, fields: I) {
        for (name, value) in fields {
            self.push(name.as_ref(), value);
        }
    }
}

/// The usual names in their usual spelling take no memory of their own.
fn shared(name: &str) -> Cow<'static, str> {
    USUAL.iter().find(|usual| **usual == name).map_or_else(|| Cow::Owned(name.to_owned()), |usual| Cow::Borrowed(*usual))
}

/// In about the order of how often they come.
const USUAL: [&str; 32] = [
    "Via",
    "From",
    "To",
    "Call-ID",
    "CSeq",
    "Content-Length",
    "Max-Forwards",
    "Contact",
    "User-Agent",
    "Content-Type",
    "Allow",
    "Supported",
    "Record-Route",
    "Route",
    "Expires",
    "Authorization",
    "Proxy-Authorization",
    "Accept",
    "Require",
    "Server",
    "Session-Expires",
    "Min-SE",
    "P-Asserted-Identity",
    "Date",
    "WWW-Authenticate",
    "Proxy-Authenticate",
    "Reason",
    "Allow-Events",
    "Event",
    "Privacy",
    "Subject",
    "User-to-User",
];

/// The long name of a compact one (RFC 3261 §7.3.3 and the registry of header fields at IANA).
pub(crate) fn long_name(name: &str) -> &str {
    let [letter] = name.as_bytes() else { return name };
    match letter.to_ascii_lowercase() {
        b'a' => "Accept-Contact",
        b'b' => "Referred-By",
        b'c' => "Content-Type",
        b'd' => "Request-Disposition",
        b'e' => "Content-Encoding",
        b'f' => "From",
        b'i' => "Call-ID",
        b'j' => "Reject-Contact",
        b'k' => "Supported",
        b'l' => "Content-Length",
        b'm' => "Contact",
        b'n' => "Identity-Info",
        b'o' => "Event",
        b'r' => "Refer-To",
        b's' => "Subject",
        b't' => "To",
        b'u' => "Allow-Events",
        b'v' => "Via",
        b'x' => "Session-Expires",
        b'y' => "Identity",
        _ => name,
    }
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
    fn fields_keep_their_order_and_are_found_in_any_case() {
        let mut headers = headers(&[("Via", "b"), ("X-One", "1"), ("via", "c"), ("Allow", "INVITE, ACK,,\"a,b\"")]);
        headers.prepend("Via", "a");
        assert_eq!(headers.all("VIA").collect::<String>(), "abc");
        assert_eq!(headers.values("allow").collect::<Vec<_>>(), ["INVITE", "ACK", "\"a,b\""]);
        assert_eq!(headers.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["Via", "Via", "X-One", "via", "Allow"]);
    }

    #[test]
    fn setting_leaves_one_field_in_the_place_of_the_first() {
        let mut headers = headers(&[("A", "1"), ("b", "2"), ("a", "3"), ("A", "4")]);
        headers.set("a", "5");
        headers.set("C", "6");
        assert_eq!(headers.iter().collect::<Vec<_>>(), [("A", "5"), ("b", "2"), ("C", "6")]);
        assert!(headers.remove("c") && !headers.remove("c"));
    }

    #[test]
    fn a_name_that_is_no_token_is_not_written() {
        let mut out = Vec::new();
        headers(&[("", "1"), ("A\r\nB", "2"), ("A B", "3"), ("Content-Length", "4"), ("Good", "5\r\n6")]).write(&mut out);
        assert_eq!(out, b"Good: 5  6\r\n");
    }
}
