//! Digest authentication (RFC 7616, RFC 8760): what both sides share. `server` asks and verifies, `client` answers.

mod client;
mod server;

use std::fmt;

use md5::Md5;
use sha2::{Digest as _, Sha256};

use crate::syntax::{Malformed, quoted, token_byte, trim};

pub use client::{Challenge, challenges};
pub use server::{Authorization, MOST_NONCES, NONCE_MS, Server, Verdict};

/// Parameters of one challenge or its answer at most; our own bound, the standard names a dozen.
const MOST_PARAMS: usize = 32;

/// How things are hashed. Of two challenges the stronger is answered (RFC 8760 §2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    Md5,
    Sha256,
}

impl Algorithm {
    /// None means MD5 (RFC 7616 §3.3).
    fn parse(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::Md5),
            Some(name) if name.eq_ignore_ascii_case("MD5") => Some(Self::Md5),
            Some(name) if name.eq_ignore_ascii_case("SHA-256") => Some(Self::Sha256),
            Some(_) => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Sha256 => "SHA-256",
        }
    }

    /// The hash of parts with colons between them, in lower-case hexadecimal digits.
    fn hash(self, parts: &[&str]) -> String {
        match self {
            Self::Md5 => hex(&hash::<Md5>(parts)),
            Self::Sha256 => hex(&hash::<Sha256>(parts)),
        }
    }

    /// The `response` of RFC 7616 §3.4.1; without `counted` that of RFC 2617 §3.2.2.1 for a challenge without qop.
    fn response(self, ha1: &str, nonce: &str, counted: Option<(&str, &str)>, method: &str, uri: &str) -> String {
        let ha2 = self.hash(&[method, uri]);
        match counted {
            Some((nc, cnonce)) => self.hash(&[ha1, nonce, nc, cnonce, "auth", &ha2]),
            None => self.hash(&[ha1, nonce, &ha2]),
        }
    }
}

fn hash<D: sha2::Digest>(parts: &[&str]) -> Vec<u8> {
    let mut state = D::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            state.update(b":");
        }
        state.update(part.as_bytes());
    }
    state.finalize().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (byte, digits) in out.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(out)
}

/// What is kept of a password: the hashes of `username:realm:password`.
#[derive(Clone, PartialEq, Eq)]
pub struct Ha1s {
    pub md5: [u8; 16],
    pub sha256: [u8; 32],
}

impl Ha1s {
    pub fn new(username: &str, realm: &str, password: &str) -> Self {
        let text = format!("{username}:{realm}:{password}");
        Self { md5: Md5::digest(text.as_bytes()).into(), sha256: Sha256::digest(text.as_bytes()).into() }
    }

    /// Both as hexadecimal digits.
    pub fn parse(md5: &str, sha256: &str) -> Option<Self> {
        Some(Self { md5: unhex(md5)?, sha256: unhex(sha256)? })
    }

    fn hex(&self, algorithm: Algorithm) -> String {
        match algorithm {
            Algorithm::Md5 => hex(&self.md5),
            Algorithm::Sha256 => hex(&self.sha256),
        }
    }
}

impl fmt::Debug for Ha1s {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Ha1s(…)")
    }
}

/// `Digest name=value, …`: names in lower case, values without quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The value of WWW-Authenticate, Proxy-Authenticate, Authorization or Proxy-Authorization; `None` for another scheme.
    ///
    /// # Errors
    /// `Malformed` for a Digest that is not a list of parameters, or names one twice.
    pub fn parse(text: &str) -> Result<Option<Self>, Malformed> {
        const MALFORMED: Malformed = Malformed("Malformed credentials");
        let text = trim(text);
        let (scheme, mut rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
        if !scheme.eq_ignore_ascii_case("Digest") {
            return Ok(None);
        }
        let mut params: Vec<(String, String)> = Vec::new();
        loop {
            // Empty elements of a list are nothing: RFC 9110 §5.6.1.2.
            rest = rest.trim_start_matches([' ', '\t', ',']);
            if rest.is_empty() {
                return Ok(Some(Self(params)));
            }
            let (name, after) = rest.split_once('=').ok_or(MALFORMED)?;
            let name = trim(name).to_ascii_lowercase();
            let after = trim(after);
            let (value, after) = if after.starts_with('"') {
                quoted(after)?
            } else {
                let end = after.find([',', ' ', '\t']).unwrap_or(after.len());
                (after[..end].to_owned(), &after[end..])
            };
            rest = trim(after);
            let separated = rest.is_empty() || rest.starts_with(',');
            if !separated || name.is_empty() || !name.bytes().all(token_byte) || params.len() >= MOST_PARAMS || params.iter().any(|(known, _)| *known == name) {
                return Err(MALFORMED);
            }
            params.push((name, value));
        }
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
