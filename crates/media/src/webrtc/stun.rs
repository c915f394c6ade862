//! STUN messages as far as a lite agent needs them (RFC 8489, RFC 8445 §7).

use std::net::{IpAddr, SocketAddr};

use aws_lc_rs::{constant_time, hmac};

/// RFC 8489 §5.
const COOKIE: [u8; 4] = [0x21, 0x12, 0xA4, 0x42];
const HEADER_BYTES: usize = 20;
/// A check of a browser has some 120 bytes; nothing that belongs here has more than this.
const MAX_BYTES: usize = 1_024;
/// HMAC-SHA1. RFC 8489 §14.5.
const INTEGRITY_BYTES: usize = 20;
/// RFC 8489 §14.7.
const FINGERPRINT_MASK: u32 = 0x5354_554E;
/// How many attributes without a meaning here an error names.
const MAX_UNKNOWN: usize = 4;

/// Types of messages. RFC 8489 §5.
const BINDING_REQUEST: u16 = 0x0001;
const BINDING_SUCCESS: u16 = 0x0101;
const BINDING_ERROR: u16 = 0x0111;

/// Types of attributes. RFC 8489 §18.3, RFC 8445 §20.1.
const USERNAME: u16 = 0x0006;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const ERROR_CODE: u16 = 0x0009;
const UNKNOWN_ATTRIBUTES: u16 = 0x000A;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const PRIORITY: u16 = 0x0024;
const USE_CANDIDATE: u16 = 0x0025;
const FINGERPRINT: u16 = 0x8028;
const ICE_CONTROLLED: u16 = 0x8029;

/// Types from here on may be ignored. RFC 8489 §14.
const OPTIONAL_FROM: u16 = 0x8000;

/// A binding request whose form is right; nobody has looked at its integrity yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request<'a> {
    pub transaction: [u8; 12],
    pub username: &'a [u8],
    pub use_candidate: bool,
    /// The sender takes itself for the controlled agent.
    pub controlled: bool,
    /// Types that may not be ignored and are unknown here, zero for none.
    pub unknown: [u16; MAX_UNKNOWN],
    /// What the integrity is about, without the length field, and the integrity.
    message: &'a [u8],
    integrity: &'a [u8],
}

impl<'a> Request<'a> {
    /// `None` for everything but a binding request with username, integrity and fingerprint, which checks must have (RFC 8445 §7.1).
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (header, body) = bytes.split_at_checked(HEADER_BYTES)?;
        let length = usize::from(u16::from_be_bytes([header[2], header[3]]));
        if bytes.len() > MAX_BYTES
            || u16::from_be_bytes([header[0], header[1]]) != BINDING_REQUEST
            || header[4..8] != COOKIE
            || length != body.len()
            || !length.is_multiple_of(4)
        {
            return None;
        }
        let mut request = Self {
            transaction: header[8..20].try_into().ok()?,
            username: &[],
            use_candidate: false,
            controlled: false,
            unknown: [0; MAX_UNKNOWN],
            message: &[],
            integrity: &[],
        };
        let mut at = HEADER_BYTES;
        let mut ended = false;
        while at < bytes.len() {
            let kind = u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
            let size = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
            let value = bytes.get(at + 4..at + 4 + size)?;
            // What follows the integrity is not protected by it, so only the fingerprint is looked at. RFC 8489 §14.5.
            let protected = request.integrity.is_empty();
            match kind {
                FINGERPRINT => {
                    let given = u32::from_be_bytes(value.try_into().ok()?);
                    let last = at + 8 == bytes.len();
                    if !last || given != fingerprint(&bytes[..at]) {
                        return None;
                    }
                    ended = true;
                }
                _ if !protected => {}
                MESSAGE_INTEGRITY => {
                    if size != INTEGRITY_BYTES {
                        return None;
                    }
                    request.message = &bytes[..at];
                    request.integrity = value;
                }
                USERNAME => request.username = value,
                USE_CANDIDATE => request.use_candidate = true,
                ICE_CONTROLLED => request.controlled = true,
                PRIORITY | OPTIONAL_FROM.. => {}
                _ => {
                    if let Some(free) = request.unknown.iter_mut().find(|known| **known == 0) {
                        *free = kind;
                    }
                }
            }
            at += 4 + size.next_multiple_of(4);
        }
        (ended && !request.integrity.is_empty() && !request.username.is_empty()).then_some(request)
    }

    /// Whether the sender knows the password.
    pub fn verify(&self, key: &hmac::Key) -> bool {
        // The length counts as if the message ended with its integrity. RFC 8489 §14.5.
        let length = self.message.len() + 4 + INTEGRITY_BYTES - HEADER_BYTES;
        let Ok(length) = u16::try_from(length) else { return false };
        let mut context = hmac::Context::with_key(key);
        context.update(&self.message[..2]);
        context.update(&length.to_be_bytes());
        context.update(&self.message[4..]);
        constant_time::verify_slices_are_equal(context.sign().as_ref(), self.integrity).is_ok()
    }

    /// The success that tells the sender under which address it is seen.
    pub fn success(&self, key: &hmac::Key, from: SocketAddr) -> Vec<u8> {
        let mut answer = Answer::new(BINDING_SUCCESS, &self.transaction);
        let port = from.port() ^ 0x2112;
        match from.ip().to_canonical() {
            IpAddr::V4(ip) => {
                let mut value = [0, 1, 0, 0, 0, 0, 0, 0];
                value[2..4].copy_from_slice(&port.to_be_bytes());
                for (out, (octet, mask)) in value[4..].iter_mut().zip(ip.octets().iter().zip(COOKIE)) {
                    *out = octet ^ mask;
                }
                answer.attribute(XOR_MAPPED_ADDRESS, &value);
            }
            IpAddr::V6(ip) => {
                let mut value = [0; 20];
                value[1] = 2;
                value[2..4].copy_from_slice(&port.to_be_bytes());
                let mask = COOKIE.iter().chain(&self.transaction);
                for (out, (octet, mask)) in value[4..].iter_mut().zip(ip.octets().iter().zip(mask)) {
                    *out = octet ^ mask;
                }
                answer.attribute(XOR_MAPPED_ADDRESS, &value);
            }
        }
        answer.finish(key)
    }

    /// An error: 420 names the unknown attributes.
    pub fn error(&self, key: &hmac::Key, code: u16, reason: &str) -> Vec<u8> {
        let mut answer = Answer::new(BINDING_ERROR, &self.transaction);
        let [class, number] = [code / 100, code % 100].map(|part| u8::try_from(part).unwrap_or(0));
        let mut value = vec![0, 0, class, number];
        value.extend_from_slice(reason.as_bytes());
        answer.attribute(ERROR_CODE, &value);
        let unknown: Vec<u8> = self.unknown.iter().filter(|kind| **kind != 0).flat_map(|kind| kind.to_be_bytes()).collect();
        if !unknown.is_empty() {
            answer.attribute(UNKNOWN_ATTRIBUTES, &unknown);
        }
        answer.finish(key)
    }
}

struct Answer(Vec<u8>);

impl Answer {
    fn new(kind: u16, transaction: &[u8; 12]) -> Self {
        let mut bytes = Vec::with_capacity(96);
        bytes.extend_from_slice(&kind.to_be_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&COOKIE);
        bytes.extend_from_slice(transaction);
        Self(bytes)
    }

    fn attribute(&mut self, kind: u16, value: &[u8]) {
        let Ok(size) = u16::try_from(value.len()) else { return };
        self.0.extend_from_slice(&kind.to_be_bytes());
        self.0.extend_from_slice(&size.to_be_bytes());
        self.0.extend_from_slice(value);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self.length(0);
    }

    /// Write the length field for a message that has this many bytes to come.
    fn length(&mut self, more: usize) {
        let length = u16::try_from(self.0.len() + more - HEADER_BYTES).unwrap_or(0);
        self.0[2..4].copy_from_slice(&length.to_be_bytes());
    }

    fn finish(mut self, key: &hmac::Key) -> Vec<u8> {
        self.length(4 + INTEGRITY_BYTES);
        let tag = hmac::sign(key, &self.0);
        self.attribute(MESSAGE_INTEGRITY, tag.as_ref());
        self.length(8);
        let fingerprint = fingerprint(&self.0);
        self.attribute(FINGERPRINT, &fingerprint.to_be_bytes());
        self.0
    }
}

fn fingerprint(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes) ^ FINGERPRINT_MASK
}

/// A check as a browser sends it; tests play the browser.
#[cfg(test)]
pub(crate) fn check(username: &str, password: &str, use_candidate: bool, transaction: [u8; 12]) -> Vec<u8> {
    let mut message = Answer::new(BINDING_REQUEST, &transaction);
    message.attribute(USERNAME, username.as_bytes());
    message.attribute(PRIORITY, &[0x6E, 0, 1, 0xFF]);
    message.attribute(0x802A, &[7; 8]);
    if use_candidate {
        message.attribute(USE_CANDIDATE, &[]);
    }
    message.finish(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The request of RFC 5769 §2.1.
    const SAMPLE: &[u8] = b"\x00\x01\x00\x58\x21\x12\xa4\x42\xb7\xe7\xa7\x01\xbc\x34\xd6\x86\xfa\x87\xdf\xae\
        \x80\x22\x00\x10STUN test client\x00\x24\x00\x04\x6e\x00\x01\xff\x80\x29\x00\x08\x93\x2f\xf9\xb1\x51\x26\x3b\x36\
        \x00\x06\x00\x09\x65\x76\x74\x6a\x3a\x68\x36\x76\x59\x20\x20\x20\x00\x08\x00\x14\x9a\xea\xa7\x0c\xbf\xd8\xcb\x56\
        \x78\x1e\xf2\xb5\xb2\xd3\xf2\x49\xc1\xb5\x71\xa2\x80\x28\x00\x04\xe5\x7a\x3b\xcf";

    fn key(password: &str) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes())
    }

    #[test]
    fn the_sample_request_of_rfc_5769_is_understood() {
        let request = Request::parse(SAMPLE).unwrap();
        assert_eq!(request.username, b"evtj:h6vY");
        assert!(request.controlled && !request.use_candidate);
        assert!(request.verify(&key("VOkJxbRl1RmTxUk/WvJxBt")));
        assert!(!request.verify(&key("VOkJxbRl1RmTxUk/WvJxBT")));
    }

    #[test]
    fn an_answer_has_the_address_of_rfc_5769() {
        let request = Request::parse(SAMPLE).unwrap();
        let answer = request.success(&key("VOkJxbRl1RmTxUk/WvJxBt"), "192.0.2.1:32853".parse().unwrap());
        assert_eq!(&answer[20..32], b"\x00\x20\x00\x08\x00\x01\xa1\x47\xe1\x12\xa6\x43");
        let answer = request.success(&key("x"), "[2001:db8:1234:5678:11:2233:4455:6677]:32853".parse().unwrap());
        assert_eq!(&answer[20..44], b"\x00\x20\x00\x14\x00\x02\xa1\x47\x01\x13\xa9\xfa\xa5\xd3\xf1\x79\xbc\x25\xf4\xb5\xbe\xd2\xb9\xd9");
    }

    #[test]
    fn no_cut_or_flipped_request_is_taken_for_the_same() {
        for end in 0..SAMPLE.len() {
            assert_eq!(Request::parse(&SAMPLE[..end]), None);
        }
        let key = key("VOkJxbRl1RmTxUk/WvJxBt");
        for at in 0..SAMPLE.len() * 8 {
            let mut bytes = SAMPLE.to_vec();
            bytes[at / 8] ^= 1 << (at % 8);
            assert!(!Request::parse(&bytes).is_some_and(|request| request.verify(&key)), "bit {at}");
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let mut chance = cordboard_now::Chance::new(&[5; 32]);
        for _ in 0..50_000 {
            let mut bytes = SAMPLE.to_vec();
            for _ in 0..4 {
                let [at, value] = chance.bytes::<2>();
                let at = usize::from(at) % bytes.len();
                bytes[at] = value;
            }
            // A wrong fingerprint would hide nearly everything behind it.
            let end = bytes.len() - 4;
            let right = fingerprint(&bytes[..end - 4]).to_be_bytes();
            bytes[end..].copy_from_slice(&right);
            if let Some(request) = Request::parse(&bytes) {
                request.verify(&key("x"));
                request.error(&key("x"), 420, "Unknown Attribute");
            }
        }
    }
}
