//! The transforms: AES-GCM (RFC 7714), and AES-CM with HMAC-SHA1 (RFC 3711 §4) for peers without it.

use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    cipher::{AES_128, AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    constant_time, hmac,
    iv::FixedLength,
};

use super::{RTCP_ENCRYPTED, RTCP_HEADER_BYTES, RTCP_INDEX_BYTES};

/// RFC 5764 §4.1.2.
const SHA1_TAG_BYTES: usize = 10;
/// RFC 3711 §5.2.
const SHA1_KEY_BYTES: usize = 20;
/// RFC 3711 §4.1.1.
const SALT_BYTES: usize = 14;
/// RFC 7714 §12.
const GCM_SALT_BYTES: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Profile {
    Aes128CmSha1,
    Aes128Gcm,
    Aes256Gcm,
}

impl Profile {
    /// Bytes of the master key.
    pub fn key_bytes(self) -> usize {
        match self {
            Self::Aes128CmSha1 | Self::Aes128Gcm => 16,
            Self::Aes256Gcm => 32,
        }
    }

    /// Bytes of the master salt.
    pub fn salt_bytes(self) -> usize {
        match self {
            Self::Aes128CmSha1 => SALT_BYTES,
            Self::Aes128Gcm | Self::Aes256Gcm => GCM_SALT_BYTES,
        }
    }
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Rtp,
    Rtcp,
}

/// A master key, from which the session keys come.
pub(super) struct Keys {
    profile: Profile,
    master: EncryptingKey,
    salt: [u8; SALT_BYTES],
}

impl Keys {
    pub fn new(profile: Profile, key: &[u8], salt: &[u8]) -> Option<Self> {
        let algorithm = if profile.key_bytes() == 32 { &AES_256 } else { &AES_128 };
        if key.len() != profile.key_bytes() || salt.len() != profile.salt_bytes() {
            return None;
        }
        let mut padded = [0; SALT_BYTES];
        padded[..salt.len()].copy_from_slice(salt);
        Some(Self { profile, master: EncryptingKey::ctr(UnboundCipherKey::new(algorithm, key).ok()?).ok()?, salt: padded })
    }

    /// RFC 3711 §4.3.1, without a derivation rate.
    fn derive<const N: usize>(&self, label: u8) -> Option<[u8; N]> {
        let mut iv = [0; 16];
        iv[..SALT_BYTES].copy_from_slice(&self.salt);
        iv[7] ^= label;
        let mut out = [0; N];
        key_stream(&self.master, iv, &mut out)?;
        Some(out)
    }

    pub fn cipher(&self, kind: Kind) -> Option<Cipher> {
        // Labels of RFC 3711 §4.3.2.
        let first = match kind {
            Kind::Rtp => 0,
            Kind::Rtcp => 3,
        };
        Some(match self.profile {
            Profile::Aes128CmSha1 => Cipher::Counter {
                key: EncryptingKey::ctr(UnboundCipherKey::new(&AES_128, &self.derive::<16>(first)?).ok()?).ok()?,
                auth: hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.derive::<SHA1_KEY_BYTES>(first + 1)?),
                salt: self.derive(first + 2)?,
            },
            Profile::Aes128Gcm => Cipher::Gcm { key: LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &self.derive::<16>(first)?).ok()?), salt: self.derive(first + 2)? },
            Profile::Aes256Gcm => Cipher::Gcm { key: LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.derive::<32>(first)?).ok()?), salt: self.derive(first + 2)? },
        })
    }
}

#[allow(clippy::large_enum_variant, reason = "the larger one is what Chromium chooses")]
pub(super) enum Cipher {
    Gcm { key: LessSafeKey, salt: [u8; GCM_SALT_BYTES] },
    Counter { key: EncryptingKey, auth: hmac::Key, salt: [u8; SALT_BYTES] },
}

impl Cipher {
    pub fn protect_rtp(&self, packet: &mut Vec<u8>, header: usize, ssrc: u32, index: u64) -> Option<()> {
        match self {
            Self::Gcm { key, salt } => {
                let (aad, payload) = packet.split_at_mut_checked(header)?;
                let nonce = gcm_rtp_nonce(salt, ssrc, index);
                let tag = key.seal_in_place_separate_tag(nonce, Aad::from(&*aad), payload).ok()?;
                packet.extend_from_slice(tag.as_ref());
            }
            Self::Counter { key, auth, salt } => {
                key_stream(key, counter_iv(salt, ssrc, index), packet.get_mut(header..)?)?;
                let tag = sha1_tag(auth, packet, rollover(index));
                packet.extend_from_slice(&tag);
            }
        }
        Some(())
    }

    /// The length of the packet without what protected it.
    pub fn open_rtp(&self, packet: &mut [u8], header: usize, ssrc: u32, index: u64) -> Option<usize> {
        match self {
            Self::Gcm { key, salt } => {
                let (aad, payload) = packet.split_at_mut_checked(header)?;
                let nonce = gcm_rtp_nonce(salt, ssrc, index);
                let opened = key.open_in_place(nonce, Aad::from(&*aad), payload).ok()?.len();
                Some(header + opened)
            }
            Self::Counter { key, auth, salt } => {
                let end = packet.len().checked_sub(SHA1_TAG_BYTES).filter(|end| *end >= header)?;
                let (message, tag) = packet.split_at_mut(end);
                let right = sha1_tag(auth, message, rollover(index));
                constant_time::verify_slices_are_equal(&right, tag).ok()?;
                key_stream(key, counter_iv(salt, ssrc, index), &mut message[header..])?;
                Some(end)
            }
        }
    }

    pub fn protect_rtcp(&self, packet: &mut Vec<u8>, ssrc: u32, index: u32) -> Option<()> {
        let word = (index | RTCP_ENCRYPTED).to_be_bytes();
        match self {
            Self::Gcm { key, salt } => {
                let (header, payload) = packet.split_at_mut_checked(RTCP_HEADER_BYTES)?;
                let nonce = gcm_rtcp_nonce(salt, ssrc, index);
                let tag = key.seal_in_place_separate_tag(nonce, rtcp_aad(header, word)?, payload).ok()?;
                packet.extend_from_slice(tag.as_ref());
                packet.extend_from_slice(&word);
            }
            Self::Counter { key, auth, salt } => {
                key_stream(key, counter_iv(salt, ssrc, index.into()), packet.get_mut(RTCP_HEADER_BYTES..)?)?;
                packet.extend_from_slice(&word);
                let tag = sha1_tag(auth, packet, []);
                packet.extend_from_slice(&tag);
            }
        }
        Some(())
    }

    /// Where the word with the index lies in a packet of this many bytes.
    pub fn rtcp_index_at(&self, length: usize) -> Option<usize> {
        match self {
            Self::Gcm { .. } => length.checked_sub(RTCP_INDEX_BYTES),
            Self::Counter { .. } => length.checked_sub(RTCP_INDEX_BYTES + SHA1_TAG_BYTES),
        }
        .filter(|at| *at >= RTCP_HEADER_BYTES)
    }

    pub fn open_rtcp(&self, packet: &mut [u8], ssrc: u32, word: u32) -> Option<usize> {
        let at = self.rtcp_index_at(packet.len())?;
        let index = word & !RTCP_ENCRYPTED;
        let encrypted = word & RTCP_ENCRYPTED != 0;
        match self {
            // Authentication alone, which RFC 7714 §9.2 allows, is offered by no browser.
            Self::Gcm { .. } if !encrypted => None,
            Self::Gcm { key, salt } => {
                let (header, rest) = packet.split_at_mut_checked(RTCP_HEADER_BYTES)?;
                let payload = rest.get_mut(..at - RTCP_HEADER_BYTES)?;
                let nonce = gcm_rtcp_nonce(salt, ssrc, index);
                let aad = rtcp_aad(header, word.to_be_bytes())?;
                let opened = key.open_in_place(nonce, aad, payload).ok()?.len();
                Some(RTCP_HEADER_BYTES + opened)
            }
            Self::Counter { key, auth, salt } => {
                let (message, tag) = packet.split_at_mut_checked(at + RTCP_INDEX_BYTES)?;
                let right = sha1_tag(auth, message, []);
                constant_time::verify_slices_are_equal(&right, tag).ok()?;
                if encrypted {
                    let payload = message.get_mut(RTCP_HEADER_BYTES..at)?;
                    key_stream(key, counter_iv(salt, ssrc, index.into()), payload)?;
                }
                Some(at)
            }
        }
    }
}

/// The upper 32 bits of an index.
fn rollover(index: u64) -> [u8; 4] {
    let bytes = index.to_be_bytes();
    [bytes[2], bytes[3], bytes[4], bytes[5]]
}

/// RFC 7714 §8.1.
fn gcm_rtp_nonce(salt: &[u8; GCM_SALT_BYTES], ssrc: u32, index: u64) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[2..6].copy_from_slice(&ssrc.to_be_bytes());
    nonce[6..12].copy_from_slice(&index.to_be_bytes()[2..]);
    salted(nonce, salt)
}

/// RFC 7714 §9.1.
fn gcm_rtcp_nonce(salt: &[u8; GCM_SALT_BYTES], ssrc: u32, index: u32) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    nonce[2..6].copy_from_slice(&ssrc.to_be_bytes());
    nonce[8..12].copy_from_slice(&index.to_be_bytes());
    salted(nonce, salt)
}

fn salted(mut nonce: [u8; NONCE_LEN], salt: &[u8; GCM_SALT_BYTES]) -> Nonce {
    for (byte, salt) in nonce.iter_mut().zip(salt) {
        *byte ^= salt;
    }
    Nonce::assume_unique_for_key(nonce)
}

/// RFC 7714 §9.2.
fn rtcp_aad(header: &[u8], word: [u8; 4]) -> Option<Aad<[u8; RTCP_HEADER_BYTES + RTCP_INDEX_BYTES]>> {
    let mut aad = [0; RTCP_HEADER_BYTES + RTCP_INDEX_BYTES];
    aad[..RTCP_HEADER_BYTES].copy_from_slice(header.get(..RTCP_HEADER_BYTES)?);
    aad[RTCP_HEADER_BYTES..].copy_from_slice(&word);
    Some(Aad::from(aad))
}

/// RFC 3711 §4.1.1.
fn counter_iv(salt: &[u8; SALT_BYTES], ssrc: u32, index: u64) -> [u8; 16] {
    let mut iv = [0; 16];
    iv[..SALT_BYTES].copy_from_slice(salt);
    for (byte, ssrc) in iv[4..8].iter_mut().zip(ssrc.to_be_bytes()) {
        *byte ^= ssrc;
    }
    for (byte, index) in iv[8..14].iter_mut().zip(&index.to_be_bytes()[2..]) {
        *byte ^= index;
    }
    iv
}

fn key_stream(key: &EncryptingKey, iv: [u8; 16], bytes: &mut [u8]) -> Option<()> {
    let context = EncryptionContext::Iv128(FixedLength::from(iv));
    key.less_safe_encrypt(bytes, context).ok().map(|_| ())
}

fn sha1_tag<const N: usize>(key: &hmac::Key, message: &[u8], more: [u8; N]) -> [u8; SHA1_TAG_BYTES] {
    let mut context = hmac::Context::with_key(key);
    context.update(message);
    context.update(&more);
    let tag = context.sign();
    let mut short = [0; SHA1_TAG_BYTES];
    short.copy_from_slice(&tag.as_ref()[..SHA1_TAG_BYTES]);
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3711 appendix B.3.
    #[test]
    fn session_keys_are_those_of_rfc_3711() {
        let key = [0xE1, 0xF9, 0x7A, 0x0D, 0x3E, 0x01, 0x8B, 0xE0, 0xD6, 0x4F, 0xA3, 0x2C, 0x06, 0xDE, 0x41, 0x39];
        let salt = [0x0E, 0xC6, 0x75, 0xAD, 0x49, 0x8A, 0xFE, 0xEB, 0xB6, 0x96, 0x0B, 0x3A, 0xAB, 0xE6];
        let keys = Keys::new(Profile::Aes128CmSha1, &key, &salt).unwrap();
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
        assert_eq!(hex(&keys.derive::<16>(0).unwrap()), "C61E7A93744F39EE10734AFE3FF7A087");
        assert_eq!(hex(&keys.derive::<14>(2).unwrap()), "30CBBC08863D8C85D49DB34A9AE1");
        assert_eq!(hex(&keys.derive::<20>(1).unwrap()), "CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4");
    }
}
