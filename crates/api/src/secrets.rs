//! The secret key and what is done with it: encrypted columns, hashed tokens, fresh chance.

use std::borrow::Cow;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    hmac,
    rand::{SecureRandom, SystemRandom},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use sha2::{Digest, Sha256};

use crate::{
    codes,
    error::{Error, Result},
};

/// Bytes of a nonce in front of every encrypted column. XChaCha20-Poly1305.
const NONCE_BYTES: usize = 24;

/// What an encrypted column holds, or what a tag is for; a text of one purpose does not open as another.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    ApiKey,
    CallbackSalt,
    UserDigests,
    /// Those of credentials for one call connection.
    CallCredential,
    /// The value of one secret of an application: it does not open in another row.
    ApplicationSecret {
        application_id: i64,
        secret_id: i64,
    },
    /// The tag in the link to a session's log.
    LogLink,
    /// What was recorded of one session: it does not open as another's.
    Recording {
        session_id: i64,
    },
    /// The secret of one user's second factor; 0 is the account itself.
    SecondFactor {
        account_id: i64,
        user_id: i64,
    },
    /// The tag of a recovery code of one second factor.
    RecoveryCode {
        factor_id: i64,
    },
    /// Proves at start that the key is the one the database was made with.
    Proof,
}

impl Purpose {
    fn label(self) -> Cow<'static, [u8]> {
        match self {
            Self::ApiKey => b"api_key".into(),
            Self::CallbackSalt => b"callback_salt".into(),
            Self::UserDigests => b"user_digests".into(),
            Self::CallCredential => b"call_credential".into(),
            Self::ApplicationSecret { application_id, secret_id } => format!("application_secret {application_id} {secret_id}").into_bytes().into(),
            Self::LogLink => b"log_link".into(),
            Self::Recording { session_id } => format!("recording {session_id}").into_bytes().into(),
            Self::SecondFactor { account_id, user_id } => format!("second_factor {account_id} {user_id}").into_bytes().into(),
            Self::RecoveryCode { factor_id } => format!("recovery_code {factor_id}").into_bytes().into(),
            Self::Proof => b"proof".into(),
        }
    }
}

/// Bytes of a tag. 128 bits.
const TAG_BYTES: usize = 16;

#[derive(Clone)]
pub struct Secrets(XChaCha20Poly1305, hmac::Key);

impl Secrets {
    /// Takes the 32 bytes of the installation's secret key.
    pub fn new(key: &[u8; 32]) -> Self {
        // Encryption and tags do not share a key.
        let tags = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), b"tags");
        Self(XChaCha20Poly1305::new(key.into()), hmac::Key::new(hmac::HMAC_SHA256, tags.as_ref()))
    }

    /// What only the holder of the secret key can make of a text: HMAC-SHA256, cut to 128 bits, in hexadecimal digits.
    pub fn tag(&self, purpose: Purpose, text: &str) -> String {
        let tag = hmac::sign(&self.1, &[&*purpose.label(), b"\0", text.as_bytes()].concat());
        tag.as_ref().iter().take(TAG_BYTES).fold(String::with_capacity(2 * TAG_BYTES), |mut out, byte| {
            let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
            out.extend([digit(byte >> 4), digit(byte & 15)]);
            out
        })
    }

    /// Compares in constant time.
    pub fn is_tag(&self, purpose: Purpose, text: &str, tag: &str) -> bool {
        verify_slices_are_equal(self.tag(purpose, text).as_bytes(), tag.as_bytes()).is_ok()
    }

    pub fn encrypt(&self, purpose: Purpose, text: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE_BYTES] = random()?;
        let sealed = self.0.encrypt(&nonce.into(), Payload { msg: text, aad: &purpose.label() }).map_err(|_| broken("encryption"))?;
        Ok([&nonce[..], &sealed].concat())
    }

    pub fn decrypt(&self, purpose: Purpose, sealed: &[u8]) -> Result<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or_else(|| broken("a sealed text is too short"))?;
        self.0.decrypt(&(*nonce).into(), Payload { msg: sealed, aad: &purpose.label() }).map_err(|_| broken("a sealed text does not open with this secret key").into())
    }

    pub fn decrypt_text(&self, purpose: Purpose, sealed: &[u8]) -> Result<String> {
        String::from_utf8(self.decrypt(purpose, sealed)?).map_err(|_| broken("a sealed text is not UTF-8").into())
    }
}

fn broken(what: &str) -> Error {
    Error::internal(codes::INTERNAL, what)
}

/// Bytes from the operating system.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| broken("no randomness"))?;
    Ok(bytes)
}

/// A fresh token with 256 bits of chance, safe in URLs.
pub fn token() -> Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// What is stored of a token.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
