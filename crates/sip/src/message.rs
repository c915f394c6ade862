//! Requests and responses.

use std::{borrow::Cow, fmt};

pub use crate::reason::reason_phrase;
use crate::{
    fields::{CSeq, NameAddr, Via},
    headers::{Headers, blank_line_ends, long_name},
    syntax::{Malformed, is_token, list, trim},
    uri::Uri,
};

/// Bytes of a message on a stream or a WebSocket at most: the packet of reference/voxengine.md §6.
pub const STREAM_MESSAGE_BYTES: usize = 307_200;
/// Header fields of a message at most. Our own bound: long routes have some dozens.
pub const MOST_FIELDS: usize = 200;
/// Bytes of a header field with its name and folds at most. Our own bound: twice the whole header block that reference/voxengine.md §6 lets an
/// author write.
pub const FIELD_BYTES: usize = 8_192;
/// Values of Via, and of each list of addresses, at most. Our own bound: Max-Forwards begins at 70 (RFC 3261 §8.1.1.6).
pub const MOST_HOPS: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Request(Request),
    Response(Response),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// As on the wire: methods are case-sensitive.
    pub method: String,
    pub uri: Uri,
    pub headers: Headers,
    pub body: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub reason: String,
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// Why bytes are not a message, and what their sender is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    pub reason: &'static str,
    /// The answer, to be sent over the flow that the bytes came by: 400 or 505 to a request in which at least Via and
    /// CSeq stand, other than ACK. Its To has no tag of ours yet. Without an answer the bytes are dropped.
    pub answer: Option<Box<Response>>,
}

impl fmt::Display for ParseError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.reason)
    }
}

impl std::error::Error for ParseError {}

impl From<Malformed> for ParseError {
    fn from(malformed: Malformed) -> Self {
        Self { reason: malformed.0, answer: None }
    }
}

impl Message {
    /// One whole message: a datagram, a WebSocket's message, or what a stream's framing cut out. Without Content-Length the body is the
    /// rest; with a smaller one it is cut.
    ///
    /// Line ends may be LF alone, folds become one space. A header field that is not UTF-8 is read as ISO 8859-1: no field is lost,
    /// and it is written as UTF-8. The fields that an agent cannot do without (Via, From, To, Call-ID, CSeq, Content-Length,
    /// Max-Forwards, Contact of requests) are checked here, the others when they are read.
    ///
    /// # Errors
    /// `ParseError` for what is not a message, is malformed in the fields named above, or is over a limit; it tells whether to answer.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        if bytes.len() > STREAM_MESSAGE_BYTES {
            return Err(Malformed("Message too large").into());
        }
        let mut lines = Lines { rest: bytes };
        let first = loop {
            match lines.next_line() {
                Some(b"") => {}
                Some(line) => break text(line),
                None => return Err(Malformed("Empty message").into()),
            }
        };
        let (headers, fields_defect) = fields(&mut lines);
        let start = Start::parse(&first);
        let defect = match &start {
            Err(malformed) => Some(*malformed),
            Ok(start) => fields_defect.or_else(|| check(start, &headers).err()),
        };
        let body = match (defect, &start) {
            (None, _) => body(&headers, lines.rest),
            (Some(defect), _) => Err(defect),
        };
        match (start, body) {
            (Ok(Start::Request { method, uri }), Ok(body)) => Ok(Self::Request(Request { method: method.to_owned(), uri, headers, body })),
            (Ok(Start::Response { status, reason }), Ok(body)) => Ok(Self::Response(Response { status, reason: reason.to_owned(), headers, body })),
            (Err(defect), _) | (_, Err(defect)) => Err(ParseError { reason: defect.0, answer: refusal(&first, &headers, defect) }),
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Request(request) => request.to_bytes(),
            Self::Response(response) => response.to_bytes(),
        }
    }

    pub fn headers(&self) -> &Headers {
        match self {
            Self::Request(request) => &request.headers,
            Self::Response(response) => &response.headers,
        }
    }
}

impl Request {
    pub fn new(method: &str, uri: Uri) -> Self {
        Self { method: method.to_owned(), uri, headers: Headers::new(), body: Vec::new() }
    }

    /// With Content-Length, which is always the body's.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1_024 + self.body.len());
        out.extend_from_slice(self.method.as_bytes());
        out.push(b' ');
        out.extend_from_slice(self.uri.to_string().as_bytes());
        blank_line_ends(&mut out);
        out.extend_from_slice(b" SIP/2.0\r\n");
        finish(out, &self.headers, &self.body)
    }
}

impl Response {
    /// An empty `reason` means the standard phrase.
    pub fn new(status: u16, reason: &str) -> Self {
        let reason = if reason.is_empty() { reason_phrase(status) } else { reason };
        Self { status, reason: reason.to_owned(), headers: Headers::new(), body: Vec::new() }
    }

    /// Gives the To a tag if it has none.
    pub fn tag_to(&mut self, tag: &str) {
        let Ok(mut to) = self.headers.to() else { return };
        if to.tag().is_none() {
            to.set_param("tag", Some(tag));
            self.headers.set("To", to.to_string());
        }
    }

    /// With Content-Length, which is always the body's.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(1_024 + self.body.len());
        out.extend_from_slice(format!("SIP/2.0 {:03} {}", self.status, self.reason).as_bytes());
        blank_line_ends(&mut out);
        out.extend_from_slice(b"\r\n");
        finish(out, &self.headers, &self.body)
    }
}

fn finish(mut out: Vec<u8>, headers: &Headers, body: &[u8]) -> Vec<u8> {
    headers.write(&mut out);
    out.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
    out.extend_from_slice(body);
    out
}

impl Headers {
    fn take_over(&mut self, request: &Self) {
        for value in request.all("Via") {
            self.push("Via", value);
        }
        for name in ["From", "To", "Call-ID", "CSeq"] {
            if let Some(value) = request.get(name) {
                self.push(name, value);
            }
        }
    }
}

/// Lines without their ends.
pub(crate) struct Lines<'a> {
    pub rest: &'a [u8],
}

impl<'a> Lines<'a> {
    pub fn next_line(&mut self) -> Option<&'a [u8]> {
        let end = self.rest.iter().position(|byte| *byte == b'\n')?;
        let (line, rest) = self.rest.split_at(end);
        self.rest = &rest[1..];
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}

/// UTF-8, or else ISO 8859-1, whose codes are those of Unicode. A CR inside a line, which could end it for others, becomes a space.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if bytes.contains(&b'\r') => Cow::Owned(text.replace('\r', " ")),
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| if *byte == b'\r' { ' ' } else { char::from(*byte) }).collect()),
    }
}

/// The fields up to the empty line, and the first defect among them; what can be read is read in spite of it.
fn fields(lines: &mut Lines<'_>) -> (Headers, Option<Malformed>) {
    let mut headers = Headers::new();
    let mut defect = None;
    loop {
        let Some(line) = lines.next_line() else {
            return (headers, defect.or(Some(Malformed("Missing empty line"))));
        };
        if line.is_empty() {
            return (headers, defect);
        }
        if headers.len() >= MOST_FIELDS || line.len() > FIELD_BYTES {
            return (headers, Some(Malformed("Header too large")));
        }
        let line = text(line);
        if line.starts_with([' ', '\t']) {
            match headers.last_mut() {
                Some(value) if value.len() + line.len() > FIELD_BYTES => return (headers, Some(Malformed("Header too large"))),
                Some(value) => {
                    let more = trim(&line);
                    if !value.is_empty() && !more.is_empty() {
                        value.push(' ');
                    }
                    value.push_str(more);
                }
                None => defect = defect.or(Some(Malformed("Malformed header field"))),
            }
            continue;
        }
        match line.split_once(':').map(|(name, value)| (trim(name), trim(value))) {
            Some((name, value)) if is_token(name) => headers.push(long_name(name), value),
            _ => defect = defect.or(Some(Malformed("Malformed header field"))),
        }
    }
}

enum Start<'a> {
    Request { method: &'a str, uri: Uri },
    Response { status: u16, reason: &'a str },
}

const VERSION: Malformed = Malformed("Version Not Supported");

impl<'a> Start<'a> {
    fn parse(line: &'a str) -> Result<Self, Malformed> {
        if line.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("SIP/")) {
            const MALFORMED: Malformed = Malformed("Malformed status line");
            let (version, rest) = line.split_once(' ').ok_or(MALFORMED)?;
            let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
            if !version.eq_ignore_ascii_case("SIP/2.0") || status.len() != 3 || !status.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(MALFORMED);
            }
            let status = status.parse().ok().filter(|status| (100..700).contains(status)).ok_or(MALFORMED)?;
            return Ok(Self::Response { status, reason });
        }
        const MALFORMED: Malformed = Malformed("Malformed request line");
        let (method, rest) = line.split_once(' ').ok_or(MALFORMED)?;
        let (uri, version) = rest.rsplit_once(' ').ok_or(MALFORMED)?;
        if !version.eq_ignore_ascii_case("SIP/2.0") {
            let other =
                version.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("SIP/")) && version[4..].bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            return Err(if other { VERSION } else { MALFORMED });
        }
        if !is_token(method) {
            return Err(MALFORMED);
        }
        let uri = Uri::parse(uri).map_err(|_| Malformed("Malformed Request-URI"))?;
        // RFC 3261 §19.1.1, table 1: no headers in a Request-URI.
        if !uri.headers.is_empty() {
            return Err(Malformed("Headers in Request-URI"));
        }
        Ok(Self::Request { method, uri })
    }
}

/// Fields that may stand only once and that an agent reads.
const SINGLE: [&str; 7] = ["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type"];

fn check(start: &Start<'_>, headers: &Headers) -> Result<(), Malformed> {
    let mut seen = [false; SINGLE.len()];
    let (mut vias, mut contacts) = (0, 0);
    for (name, value) in headers.iter() {
        if name.eq_ignore_ascii_case("Via") {
            for value in list(value) {
                vias += 1;
                if vias > MOST_HOPS {
                    return Err(Malformed("Too many Via"));
                }
                Via::parse(value)?;
            }
        } else if name.eq_ignore_ascii_case("Contact") {
            contacts += 1;
        } else if let Some(at) = SINGLE.iter().position(|single| name.eq_ignore_ascii_case(single)) {
            if std::mem::replace(&mut seen[at], true) {
                return Err(Malformed("Repeated header field"));
            }
            match at {
                0 => drop(NameAddr::parse(value).map_err(|_| Malformed("Malformed From"))?),
                1 => drop(NameAddr::parse(value).map_err(|_| Malformed("Malformed To"))?),
                3 => {
                    let cseq = CSeq::parse(value)?;
                    if let Start::Request { method, .. } = start
                        && cseq.method != *method
                    {
                        return Err(Malformed("CSeq method mismatch"));
                    }
                }
                4 if value.parse::<u8>().is_err() => return Err(Malformed("Malformed Max-Forwards")),
                _ => {}
            }
        }
    }
    if vias == 0 {
        return Err(Malformed("Missing Via"));
    }
    for (seen, reason) in seen.iter().zip(["Missing From", "Missing To", "Missing Call-ID", "Missing CSeq"]) {
        if !seen {
            return Err(Malformed(reason));
        }
    }
    headers.call_id()?;
    if contacts > 0 && matches!(start, Start::Request { .. }) {
        headers.contacts()?;
    }
    Ok(())
}

fn body(headers: &Headers, rest: &[u8]) -> Result<Vec<u8>, Malformed> {
    let Some(length) = headers.get("Content-Length") else { return Ok(rest.to_vec()) };
    let length = content_length(length)?;
    rest.get(..length).map(<[u8]>::to_vec).ok_or(Malformed("Content-Length too large"))
}

/// # Errors
/// `Malformed` if it is not a decimal number.
pub(crate) fn content_length(value: &str) -> Result<usize, Malformed> {
    const MALFORMED: Malformed = Malformed("Malformed Content-Length");
    let value = trim(value);
    if !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MALFORMED);
    }
    value.parse().map_err(|_| MALFORMED)
}

/// The answer to a request that cannot be served; none to responses, to ACK, and where nothing tells what it answers.
fn refusal(start: &str, headers: &Headers, defect: Malformed) -> Option<Box<Response>> {
    let method = start.split(' ').next().unwrap_or_default();
    if !is_token(method) || method == "ACK" || headers.get("Via").is_none() || headers.get("CSeq").is_none() {
        return None;
    }
    let mut response = if defect == VERSION { Response::new(505, "") } else { Response::new(400, defect.0) };
    response.headers.take_over(headers);
    Some(Box::new(response))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: &str = "OPTIONS sip:bob@example.com SIP/2.0\r\nv: SIP/2.0/UDP [2001:db8::1] : 5070 ;branch=z9hG4bK1;rport, SIP / 2.0 / TCP host\r\nMax-Forwards: 70\r\n\
         f: \"A \\\"B\\\", C\" <sip:a@example.com;x=1>;tag=1\r\nTo:\r\n  sip:bob@example.com ; a = b\r\ni: 1@h\r\nCSeq: 0009\r\n\tOPTIONS\r\nl: 3\r\n\r\nabcd";

    fn parsed(text: &str) -> Request {
        match Message::parse(text.as_bytes()) {
            Ok(Message::Request(request)) => request,
            other => panic!("no request: {other:?}"),
        }
    }

    fn refused(text: &str) -> ParseError {
        Message::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn compact_folded_and_quoted_fields_are_read() {
        let request = parsed(OPTIONS);
        assert_eq!(request.body, b"abc");
        let via = request.headers.via_top().unwrap();
        assert_eq!((via.host.as_str(), via.port, via.param("rport")), ("2001:db8::1", Some(5070), Some("")));
        assert_eq!(request.headers.vias().unwrap().len(), 2);
        let from = request.headers.from().unwrap();
        assert_eq!((from.display_name.as_deref(), from.uri.param("x"), from.tag()), (Some("A \"B\", C"), Some("1"), Some("1")));
        assert_eq!(request.headers.to().unwrap().param("a"), Some("b"));
        assert_eq!(request.headers.cseq().unwrap(), CSeq { number: 9, method: "OPTIONS".to_owned() });
        assert_eq!(parsed(&String::from_utf8(request.to_bytes()).unwrap()).headers.via_top().unwrap(), via);
    }

    #[test]
    fn a_defective_request_is_answered_and_an_ack_is_not() {
        let bad = OPTIONS.replace("l: 3", "l: 5");
        let error = refused(&bad);
        let answer = error.answer.unwrap();
        assert_eq!((answer.status, answer.reason.as_str()), (400, "Content-Length too large"));
        assert_eq!(answer.headers.get("Call-ID"), Some("1@h"));
        assert_eq!(refused(&OPTIONS.replace("SIP/2.0\r\nv", "SIP/3.0\r\nv")).answer.unwrap().status, 505);
        assert_eq!(refused(&bad.replace("OPTIONS", "ACK")).answer, None);
        assert_eq!(refused(&bad.replace("CSeq: 0009\r\n\tOPTIONS\r\n", "")).answer, None);
    }

    #[test]
    fn a_byte_that_is_not_utf8_loses_no_field() {
        let mut bytes = OPTIONS.replace("i: 1@h", "Subject: x\u{1}y\r\ni: 1@h").into_bytes();
        *bytes.iter_mut().find(|byte| **byte == 1).unwrap() = 0xe9;
        let Ok(Message::Request(request)) = Message::parse(&bytes) else { panic!("not read") };
        assert_eq!((request.headers.get("subject"), request.headers.get("Call-ID")), (Some("xéy"), Some("1@h")));
    }

    #[test]
    fn a_header_over_its_bounds_is_refused() {
        for (more, reason) in [
            ("X: 1\r\n".repeat(MOST_FIELDS), "Header too large"),
            (format!("X: {}\r\n", "x".repeat(FIELD_BYTES)), "Header too large"),
            (format!("X:{}\r\n", "\r\n xxxxxxx".repeat(FIELD_BYTES / 8 + 1)), "Header too large"),
            ("v: SIP/2.0/UDP h\r\n".repeat(MOST_HOPS), "Too many Via"),
            ("X 1\r\n".to_owned(), "Malformed header field"),
        ] {
            let error = refused(&OPTIONS.replace("l: 3", &format!("{more}l: 3")));
            assert_eq!((error.reason, error.answer.map(|answer| answer.status)), (reason, Some(400)));
        }
        assert_eq!(refused(&" ".repeat(STREAM_MESSAGE_BYTES + 1)).answer, None);
    }

    #[test]
    fn no_value_can_end_its_line() {
        let mut request = parsed(OPTIONS);
        request.headers.push("X-Evil", "a\r\nRoute: <sip:evil>");
        let again = parsed(&String::from_utf8(request.to_bytes()).unwrap());
        assert_eq!(again.headers.get("Route"), None);
    }
}
