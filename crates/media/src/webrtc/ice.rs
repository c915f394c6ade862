//! A lite agent of ICE (RFC 8445 §2.5): it answers checks, and the peer chooses the path.

use std::net::SocketAddr;

use aws_lc_rs::hmac;
use cordboard_now::{Chance, Instant};

use super::stun::Request;

/// Consent expires when no check was answered for this long. RFC 7675 §5.1; a lite agent goes by the checks of its peer.
pub(super) const CONSENT_MS: u64 = 30_000;
/// A browser has an address or two per network; beyond this the oldest is forgotten.
const MAX_PATHS: usize = 16;
/// RFC 8839 §5.4 asks for 24 bits; 48 keep legs apart by their ufrag alone.
const UFRAG_CHARS: usize = 8;
/// RFC 8839 §5.4 asks for 128 bits.
const PASSWORD_CHARS: usize = 24;

/// `a=ice-ufrag` and `a=ice-pwd`.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub ufrag: String,
    pub password: String,
}

impl Credentials {
    pub fn draw(chance: &mut Chance) -> Self {
        Self { ufrag: text(&chance.bytes::<UFRAG_CHARS>()), password: text(&chance.bytes::<PASSWORD_CHARS>()) }
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("ufrag", &self.ufrag).finish_non_exhaustive()
    }
}

/// `ice-char` of RFC 8839 §5.4, six bits each.
fn text(bytes: &[u8]) -> String {
    const CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes.iter().map(|byte| char::from(CHARS[usize::from(byte & 63)])).collect()
}

struct Local {
    credentials: Credentials,
    key: hmac::Key,
}

impl Local {
    fn new(credentials: Credentials) -> Self {
        // The credential is short-term: the key is the password itself. RFC 8489 §9.1.
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, credentials.password.as_bytes());
        Self { credentials, key }
    }
}

pub(super) struct Agent {
    local: Local,
    /// The credentials before a restart, until the peer uses the new ones.
    previous: Option<Local>,
    remote_ufrag: Option<String>,
    /// Where checks of the peer came from.
    paths: Vec<SocketAddr>,
    selected: Option<SocketAddr>,
    /// When the last check of the peer was answered.
    pub heard: Option<Instant>,
}

impl Agent {
    pub fn new(credentials: Credentials) -> Self {
        Self { local: Local::new(credentials), previous: None, remote_ufrag: None, paths: Vec::new(), selected: None, heard: None }
    }

    pub fn credentials(&self) -> &Credentials {
        &self.local.credentials
    }

    /// Begin a restart. The selected path stays until the peer chooses one anew. RFC 8445 §9.
    pub fn restart(&mut self, credentials: Credentials) {
        self.previous = Some(std::mem::replace(&mut self.local, Local::new(credentials)));
        self.remote_ufrag = None;
    }

    pub fn set_remote(&mut self, ufrag: &str) {
        self.remote_ufrag = Some(ufrag.to_owned());
    }

    pub fn is_remote(&self, ufrag: &str) -> bool {
        self.remote_ufrag.as_deref() == Some(ufrag)
    }

    /// Where packets go.
    pub fn selected(&self) -> Option<SocketAddr> {
        self.selected
    }

    /// Whether the peer proved that it is at this address.
    pub fn knows(&self, from: SocketAddr) -> bool {
        self.selected == Some(from) || self.paths.contains(&from)
    }

    /// What to answer; `None` for what is no check, or not of this peer.
    pub fn check(&mut self, now: Instant, from: SocketAddr, bytes: &[u8]) -> Option<Vec<u8>> {
        let request = Request::parse(bytes)?;
        let separator = request.username.iter().position(|byte| *byte == b':')?;
        let (ours, theirs) = (&request.username[..separator], &request.username[separator + 1..]);
        let fits = |local: &Local| local.credentials.ufrag.as_bytes() == ours && request.verify(&local.key);
        let old = if fits(&self.local) {
            if self.remote_ufrag.as_ref().is_some_and(|ufrag| ufrag.as_bytes() != theirs) {
                return None;
            }
            false
        } else if self.previous.as_ref().is_some_and(fits) {
            true
        } else {
            return None;
        };
        if !old {
            self.previous = None;
        }
        let key = match (&self.previous, old) {
            (Some(previous), true) => &previous.key,
            _ => &self.local.key,
        };
        if request.unknown[0] != 0 {
            return Some(request.error(key, 420, "Unknown Attribute"));
        }
        if request.controlled {
            // A lite agent never controls. RFC 8445 §7.3.1.1.
            return Some(request.error(key, 487, "Role Conflict"));
        }
        if !self.paths.contains(&from) {
            if self.paths.len() == MAX_PATHS {
                let oldest = self.paths.iter().position(|path| Some(*path) != self.selected)?;
                self.paths.remove(oldest);
            }
            self.paths.push(from);
        }
        self.heard = Some(now);
        if request.use_candidate {
            self.selected = Some(from);
        }
        Some(request.success(key, from))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::stun::check, *};

    const NOW: Instant = Instant(5);

    fn agent() -> (Agent, String, String) {
        let credentials = Credentials::draw(&mut Chance::new(&[1; 32]));
        let username = format!("{}:them", credentials.ufrag);
        (Agent::new(credentials.clone()), username, credentials.password)
    }

    fn address(port: u16) -> SocketAddr {
        ([192, 0, 2, 1], port).into()
    }

    #[test]
    fn the_path_that_the_peer_uses_is_selected() {
        let (mut agent, username, password) = agent();
        assert!(agent.check(NOW, address(1), &check(&username, &password, false, [1; 12])).is_some());
        assert_eq!(agent.selected(), None);
        assert!(agent.knows(address(1)) && !agent.knows(address(2)));
        assert!(agent.check(NOW, address(2), &check(&username, &password, true, [2; 12])).is_some());
        assert_eq!(agent.selected(), Some(address(2)));
    }

    #[test]
    fn a_check_with_the_wrong_password_or_names_is_not_answered() {
        let (mut agent, username, password) = agent();
        agent.set_remote("them");
        for bytes in [
            check(&username, "guessed", true, [1; 12]),
            check("other:them", &password, true, [1; 12]),
            check(&username.replace("them", "they"), &password, true, [1; 12]),
            check("nothing", &password, true, [1; 12]),
        ] {
            assert_eq!(agent.check(NOW, address(1), &bytes), None);
        }
        assert_eq!((agent.selected(), agent.heard), (None, None));
        assert!(!agent.knows(address(1)));
    }

    #[test]
    fn the_old_credentials_hold_until_the_new_ones_are_used() {
        let (mut agent, username, password) = agent();
        let new = Credentials::draw(&mut Chance::new(&[2; 32]));
        agent.restart(new.clone());
        let old = check(&username, &password, true, [1; 12]);
        assert!(agent.check(NOW, address(1), &old).is_some());
        let fresh = check(&format!("{}:again", new.ufrag), &new.password, true, [2; 12]);
        assert!(agent.check(NOW, address(2), &fresh).is_some());
        assert_eq!(agent.selected(), Some(address(2)));
        assert_eq!(agent.check(NOW, address(1), &old), None);
    }

    #[test]
    fn sixteen_addresses_are_remembered() {
        let (mut agent, username, password) = agent();
        let bytes = check(&username, &password, false, [1; 12]);
        agent.check(NOW, address(1), &check(&username, &password, true, [1; 12]));
        for port in 2..41 {
            assert!(agent.check(NOW, address(port), &bytes).is_some());
        }
        let known: Vec<u16> = (0..50).filter(|port| agent.knows(address(*port))).collect();
        assert_eq!(known, [1].into_iter().chain(26..41).collect::<Vec<u16>>());
    }
}
