//! Messages of a stream (RFC 3261 §18.3), one [`Framing`] per connection.

use crate::{
    headers::long_name,
    message::{FIELD_BYTES, Lines, STREAM_MESSAGE_BYTES, content_length},
    syntax::{Malformed, token_byte, trim},
};

/// Bytes of the header of a message on a stream at most. Our own bound: any header that fits into a datagram (RFC 768).
pub const HEADER_BYTES: usize = 65_535;

/// What a stream holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// One whole message, for [`crate::Message::parse`].
    Message(Vec<u8>),
    /// A double CRLF between messages, to be answered with [`PONG`] (RFC 5626 §4.4.1).
    Ping,
    /// A single CRLF between messages: the answer to a ping of ours, or nothing.
    Pong,
}

/// What is sent to keep a connection alive (RFC 5626 §4.4.1).
pub const PING: &[u8] = b"\r\n\r\n";
/// The answer to [`PING`].
pub const PONG: &[u8] = b"\r\n";

/// Bytes that have come and are not a whole message yet: at most [`STREAM_MESSAGE_BYTES`] beside the piece that came last.
///
/// `push` takes a piece, `next` gives the frames that are whole until there is none. After an error the stream cannot be followed any
/// further: the connection is to be closed.
#[derive(Debug, Default)]
pub struct Framing {
    bytes: Vec<u8>,
    /// Where the bytes begin that have not been given out.
    start: usize,
    /// Bytes behind `start` in which no end of a header was found.
    searched: usize,
    /// Bytes of the message at `start`, once its header is known.
    whole: Option<usize>,
    broken: Option<Malformed>,
}

impl Framing {
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a piece of the stream. After an error it is dropped.
    pub fn push(&mut self, piece: &[u8]) {
        if self.broken.is_some() {
            return;
        }
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(piece);
    }

    /// The next frame that is whole.
    ///
    /// # Errors
    /// `Malformed` for what is no message, a message without Content-Length or with a bad one, and one that is too large; always the same
    /// from then on.
    #[allow(clippy::should_implement_trait, reason = "an iterator cannot go on after None")]
    pub fn next(&mut self) -> Result<Option<Frame>, Malformed> {
        if let Some(malformed) = self.broken {
            return Err(malformed);
        }
        let found = self.find();
        match &found {
            Ok(Some((_, used))) => {
                self.start += used;
                self.searched = 0;
                self.whole = None;
            }
            Ok(None) if self.start == self.bytes.len() => {
                // An idle connection keeps no memory.
                self.bytes = Vec::new();
                self.start = 0;
            }
            Ok(None) => {}
            Err(malformed) => {
                self.broken = Some(*malformed);
                self.bytes = Vec::new();
                self.start = 0;
            }
        }
        found.map(|found| found.map(|(frame, _)| frame))
    }

    /// The frame at `start` and its length.
    fn find(&mut self) -> Result<Option<(Frame, usize)>, Malformed> {
        let rest = &self.bytes[self.start..];
        match rest {
            [] | [b'\r'] => return Ok(None),
            [b'\r', b'\n', b'\r', b'\n', ..] => return Ok(Some((Frame::Ping, PING.len()))),
            [b'\r', b'\n', ..] => return Ok(Some((Frame::Pong, PONG.len()))),
            _ => {}
        }
        let whole = match self.whole {
            Some(whole) => whole,
            None => {
                if self.searched < FIELD_BYTES {
                    check_start_line(rest)?;
                }
                let end = header_end(rest, self.searched);
                if end.unwrap_or(rest.len()) > HEADER_BYTES {
                    return Err(Malformed("Header too large"));
                }
                let Some(end) = end else {
                    self.searched = rest.len();
                    return Ok(None);
                };
                let whole = end.saturating_add(body_bytes(&rest[..end])?);
                if whole > STREAM_MESSAGE_BYTES {
                    return Err(Malformed("Message too large"));
                }
                self.whole = Some(whole);
                whole
            }
        };
        Ok(rest.get(..whole).map(|message| (Frame::Message(message.to_vec()), whole)))
    }
}

/// Tells early that a stream speaks another protocol.
fn check_start_line(rest: &[u8]) -> Result<(), Malformed> {
    const OTHER: Malformed = Malformed("Not SIP");
    let end = rest.iter().take(FIELD_BYTES).position(|byte| *byte == b'\n');
    let line = &rest[..end.unwrap_or(rest.len().min(FIELD_BYTES))];
    if !line.first().copied().is_some_and(token_byte) {
        return Err(OTHER);
    }
    match end {
        Some(_) if !line.windows(4).any(|part| part.eq_ignore_ascii_case(b"SIP/")) => Err(OTHER),
        None if rest.len() >= FIELD_BYTES => Err(OTHER),
        _ => Ok(()),
    }
}

/// Where the body begins: behind the first empty line. Nothing was found in the first `searched` bytes.
fn header_end(rest: &[u8], searched: usize) -> Option<usize> {
    let from = searched.saturating_sub(2);
    rest[from..].iter().enumerate().filter(|(_, byte)| **byte == b'\n').find_map(|(at, _)| match &rest[from + at + 1..] {
        [b'\n', ..] => Some(from + at + 2),
        [b'\r', b'\n', ..] => Some(from + at + 3),
        _ => None,
    })
}

/// The Content-Length of a header, which a stream cannot do without (RFC 3261 §18.3).
fn body_bytes(header: &[u8]) -> Result<usize, Malformed> {
    let mut lines = Lines { rest: header };
    let mut value: Option<String> = None;
    let mut inside = false;
    lines.next_line();
    while let Some(line) = lines.next_line() {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if inside && let Some(value) = &mut value {
                value.push_str(trim(std::str::from_utf8(line).unwrap_or("?")));
            }
            continue;
        }
        inside = false;
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let Ok(name) = std::str::from_utf8(&line[..colon]) else { continue };
        if !long_name(trim(name)).eq_ignore_ascii_case("Content-Length") {
            continue;
        }
        if value.is_some() {
            return Err(Malformed("Repeated Content-Length"));
        }
        value = Some(trim(std::str::from_utf8(&line[colon + 1..]).unwrap_or("?")).to_owned());
        inside = true;
    }
    content_length(&value.ok_or(Malformed("Missing Content-Length"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Framing {
        fn pending_bytes(&self) -> usize {
            self.bytes.len() - self.start
        }
    }

    const MESSAGE: &[u8] = b"OPTIONS sip:a SIP/2.0\r\nSubject: x\r\nContent-Length:\r\n 5\r\n\r\nhello";

    fn all(framing: &mut Framing) -> Result<Vec<Frame>, Malformed> {
        let mut frames = Vec::new();
        while let Some(frame) = framing.next()? {
            frames.push(frame);
        }
        Ok(frames)
    }

    fn refused(bytes: &[u8]) -> Malformed {
        let mut framing = Framing::new();
        framing.push(bytes);
        let malformed = all(&mut framing).unwrap_err();
        framing.push(MESSAGE);
        assert_eq!((framing.next(), framing.pending_bytes()), (Err(malformed), 0));
        malformed
    }

    #[test]
    fn messages_come_whole_however_the_stream_is_cut() {
        let stream = [MESSAGE, b"\r\n\r\n", MESSAGE, MESSAGE, b"\r\n"].concat();
        let message = || Frame::Message(MESSAGE.to_vec());
        let expected = [message(), Frame::Ping, message(), message(), Frame::Pong];
        for size in [5, 7, 64, 1_000] {
            let mut framing = Framing::new();
            let mut frames = Vec::new();
            for piece in stream.chunks(size) {
                framing.push(piece);
                frames.extend(all(&mut framing).unwrap());
            }
            let whole: Vec<_> = frames.iter().filter(|frame| matches!(frame, Frame::Message(_))).collect();
            assert_eq!(whole.len(), 3, "{size}");
            assert_eq!(framing.pending_bytes(), 0);
            if size == 1_000 {
                assert_eq!(frames, expected);
            }
        }
    }

    #[test]
    fn what_is_not_sip_is_told_at_once() {
        assert_eq!(refused(b"GET / HTTP/1.1\r\n"), Malformed("Not SIP"));
        assert_eq!(refused(b"\x16\x03\x01"), Malformed("Not SIP"));
        assert_eq!(refused(&[b'a'; FIELD_BYTES]), Malformed("Not SIP"));
    }

    #[test]
    fn a_message_without_a_good_length_ends_the_stream() {
        assert_eq!(refused(b"OPTIONS sip:a SIP/2.0\r\nSubject: x\r\n\r\n"), Malformed("Missing Content-Length"));
        assert_eq!(refused(b"OPTIONS sip:a SIP/2.0\r\nl: -1\r\n\r\n"), Malformed("Malformed Content-Length"));
        assert_eq!(refused(b"OPTIONS sip:a SIP/2.0\r\nl: 1\r\nContent-Length: 1\r\n\r\n"), Malformed("Repeated Content-Length"));
        assert_eq!(refused(b"OPTIONS sip:a SIP/2.0\r\nl: 307200\r\n\r\n"), Malformed("Message too large"));
        assert_eq!(refused(b"OPTIONS sip:a SIP/2.0\r\nl: 99999999999999999999999\r\n\r\n"), Malformed("Malformed Content-Length"));
    }

    #[test]
    fn a_header_without_an_end_is_refused_at_its_bound() {
        let mut framing = Framing::new();
        framing.push(b"OPTIONS sip:a SIP/2.0\r\n");
        for _ in 0..HEADER_BYTES / 8 {
            framing.push(b"X: yyy\r\n");
            if framing.next().is_err() {
                return;
            }
        }
        panic!("{} bytes wait", framing.pending_bytes());
    }
}
