//! Keys as telephone-events (RFC 4733).

mod cross;
mod receive;
mod send;

pub use cross::{Crossing, Told};
pub use receive::Receiver;
pub use send::{Digits, Step};

/// Events 0 to 15 in their order (RFC 4733 §3.2).
const KEYS: &[u8; 16] = b"0123456789*#ABCD";

/// A key is pressed at least so long, and so are pauses (ITU-T Q.24); a newer timestamp within it is the same key.
const SHORTEST_MS: u32 = 40;
/// The longest duration; an event that lasts longer goes on at the timestamp where it ended (RFC 4733 §2.5.1.3).
const SEGMENT: u32 = 0xffff;

/// The payload of an event: its code, whether it is over, its volume in −dBm0 and its duration in ticks (RFC 4733 §2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload {
    pub code: u8,
    pub end: bool,
    pub volume: u8,
    pub duration: u16,
}

impl Payload {
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let &[code, flags, high, low] = bytes.first_chunk()?;
        Some(Self { code, end: flags & 0x80 != 0, volume: flags & 0x3f, duration: u16::from_be_bytes([high, low]) })
    }

    pub fn bytes(self) -> [u8; 4] {
        let [high, low] = self.duration.to_be_bytes();
        [self.code, u8::from(self.end) << 7 | self.volume & 0x3f, high, low]
    }

    /// The key, if the event is one.
    pub fn key(self) -> Option<char> {
        KEYS.get(usize::from(self.code)).map(|key| char::from(*key))
    }
}
