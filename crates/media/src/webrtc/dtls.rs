//! The handshake: dimpl, the check of the peer's certificate, and the keys that come out of it (RFC 5764).

use std::collections::VecDeque;

use aws_lc_rs::digest;
use cordboard_now::Instant;
use dimpl::{Dtls, Output, SrtpProfile};

use super::{
    Failure, Identity, Setup,
    srtp::{Opener, Profile, Protector},
};

/// A record has at most 2¹⁴ bytes (RFC 8446 §5.1), a datagram of ours the MTU.
const BUFFER_BYTES: usize = 2_048;
/// Largest buffer that the library is given; a peer's certificate must fit.
const MAX_BUFFER_BYTES: usize = 65_536;
/// Outputs between two changes. A flight has some ten packets.
const MAX_OUTPUTS: usize = 256;

/// The hash of a certificate, as `a=fingerprint` names it (RFC 8122 §5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    algorithm: &'static str,
    hash: Vec<u8>,
}

impl Fingerprint {
    /// From `sha-256 12:AB:…`; SHA-384 and SHA-512, too. `None` for anything else.
    pub fn parse(value: &str) -> Option<Self> {
        let (name, hash) = value.trim().split_once(' ')?;
        let algorithm = ["sha-256", "sha-384", "sha-512"].into_iter().find(|known| name.eq_ignore_ascii_case(known))?;
        let hash = hash.trim();
        if hash.len() > 3 * 64 {
            return None;
        }
        let hash: Option<Vec<u8>> = hash.split(':').map(|byte| u8::from_str_radix(byte, 16).ok().filter(|_| byte.len() == 2 && !byte.starts_with('+'))).collect();
        let hash = hash.filter(|hash| hash.len() == hasher(algorithm).output_len())?;
        Some(Self { algorithm, hash })
    }

    fn fits(&self, certificate: &[u8]) -> bool {
        digest::digest(hasher(self.algorithm), certificate).as_ref() == self.hash
    }
}

fn hasher(name: &str) -> &'static digest::Algorithm {
    match name {
        "sha-384" => &digest::SHA384,
        "sha-512" => &digest::SHA512,
        _ => &digest::SHA256,
    }
}

/// One association.
pub(super) struct Association {
    dtls: Dtls,
    active: bool,
    verified: bool,
    /// When the library wants to be called.
    pub deadline: Option<Instant>,
}

/// The keys of both directions.
pub(super) struct Session {
    pub protector: Protector,
    pub opener: Opener,
}

impl Association {
    pub fn new(identity: &Identity, now: Instant, role: Setup) -> Self {
        let mut dtls = Dtls::new_auto(identity.config.clone(), identity.certificate.clone(), identity.clock(now));
        dtls.set_active(role == Setup::Active);
        Self { dtls, active: role == Setup::Active, verified: false, deadline: None }
    }

    pub fn timeout(&mut self, identity: &Identity, now: Instant) -> Result<(), Failure> {
        self.dtls.handle_timeout(identity.clock(now)).map_err(|error| Failure::Dtls(error.to_string()))
    }

    pub fn packet(&mut self, identity: &Identity, now: Instant, bytes: &[u8]) -> Result<(), Failure> {
        self.timeout(identity, now)?;
        self.dtls.handle_packet(bytes).map_err(|error| Failure::Dtls(error.to_string()))
    }

    /// Say good-bye; `drain` brings the packet.
    pub fn close(&mut self) -> Result<(), Failure> {
        self.dtls.close().map_err(|error| Failure::Dtls(error.to_string()))
    }

    /// Take out what is to be sent, and the keys when they are there.
    pub fn drain(&mut self, identity: &Identity, fingerprint: &Fingerprint, packets: &mut VecDeque<Vec<u8>>) -> Result<Option<Session>, Failure> {
        let mut session = None;
        let mut buffer = vec![0; BUFFER_BYTES];
        for _ in 0..MAX_OUTPUTS {
            match self.dtls.poll_output(&mut buffer) {
                Output::Packet(bytes) => packets.push_back(bytes.to_vec()),
                Output::BufferTooSmall { needed } if needed <= MAX_BUFFER_BYTES => buffer.resize(needed, 0),
                Output::Timeout(at) => {
                    self.deadline = Some(identity.instant(at));
                    return Ok(session);
                }
                Output::PeerCert(certificate) => {
                    if !fingerprint.fits(certificate) {
                        return Err(Failure::Fingerprint);
                    }
                    self.verified = true;
                }
                Output::KeyingMaterial(material, profile) => {
                    if !self.verified {
                        return Err(Failure::Fingerprint);
                    }
                    session = Some(self.session(&material, profile).ok_or(Failure::Profile)?);
                }
                Output::CloseNotify => return Err(Failure::Closed),
                Output::BufferTooSmall { .. } => return Err(Failure::Dtls("record too large".into())),
                _ => {}
            }
        }
        Err(Failure::Dtls("too many outputs".into()))
    }

    /// RFC 5764 §4.2: the client's key, the server's key, the client's salt, the server's salt.
    fn session(&self, material: &[u8], profile: SrtpProfile) -> Option<Session> {
        let profile = match profile {
            SrtpProfile::AES128_CM_SHA1_80 => Profile::Aes128CmSha1,
            SrtpProfile::AEAD_AES_128_GCM => Profile::Aes128Gcm,
            SrtpProfile::AEAD_AES_256_GCM => Profile::Aes256Gcm,
            _ => return None,
        };
        let (keys, salts) = material.split_at_checked(2 * profile.key_bytes())?;
        let (client_key, server_key) = keys.split_at(profile.key_bytes());
        let (client_salt, server_salt) = salts.split_at_checked(profile.salt_bytes())?;
        let (client, server) = ((client_key, client_salt), (server_key, server_salt));
        let (ours, theirs) = if self.active { (client, server) } else { (server, client) };
        Some(Session { protector: Protector::new(profile, ours.0, ours.1)?, opener: Opener::new(profile, theirs.0, theirs.1)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_read_with_their_algorithm_and_length() {
        let hash = vec!["aB"; 32].join(":");
        let fingerprint = Fingerprint::parse(&format!("SHA-256 {hash}")).unwrap();
        assert_eq!(fingerprint.hash, [0xAB; 32]);
        for wrong in [
            format!("sha-1 {hash}"),
            format!("sha-512 {hash}"),
            format!("sha-256 {hash}:00"),
            format!("sha-256 {}", hash.replace("aB", "+1")),
            "sha-256".to_owned(),
            "sha-256 xx".to_owned(),
        ] {
            assert_eq!(Fingerprint::parse(&wrong), None, "{wrong}");
        }
    }
}
