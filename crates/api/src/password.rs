//! Passwords: what they must look like, how they are kept, and the digests of application users.

use std::sync::Mutex;

use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash::phc::PasswordHash};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use md5::Md5;
use sha2::{Digest, Sha256};

use crate::{
    codes,
    error::{Error, Result},
    secrets,
};

/// Characters of a password at most, so that hashing one stays cheap.
const LONGEST: usize = 512;

/// The realm of every digest. It is a constant of the protocol that the browser SDKs of this API hash one-time keys with,
/// and it never changes with the names of accounts, applications or the domain.
pub const REALM: &str = "voximplant.com";

/// Checks a new password: 8 characters or more with upper case, lower case, digit and special, no blanks, not its owner's
/// name, not a repetition (semantics §7.2).
pub fn check(field: &'static str, password: &str, owner: &str) -> Result<(), Error> {
    let refuse = |code, sentence: &str| Err(Error::field(code, field, format!("'{field}' {sentence}")));
    if password.chars().any(char::is_whitespace) {
        return refuse(codes::PASSWORD_SPACES, "must not contain spaces.");
    }
    if password.chars().nth(7).is_none() {
        return refuse(codes::PASSWORD_BLANK, "needs at least 8 characters.");
    }
    if password.chars().nth(LONGEST).is_some() {
        return refuse(codes::ARGUMENTS, "may have at most 512 characters.");
    }
    let has = |test: fn(char) -> bool| password.chars().any(test);
    if !has(char::is_uppercase) || !has(char::is_lowercase) || !has(|c| c.is_ascii_digit()) || !has(|c| !c.is_alphanumeric()) {
        return refuse(codes::PASSWORD_CHARACTERS, "needs an upper case letter, a lower case letter, a digit and a special character.");
    }
    let distinct: std::collections::BTreeSet<char> = password.chars().collect();
    let named = owner.len() >= 5 && password.to_lowercase().contains(&owner.to_lowercase());
    if distinct.len() < 5 || named {
        return refuse(codes::PASSWORD_WEAK, "is too easy to guess; use more different characters and leave the name out.");
    }
    Ok(())
}

/// The argon2id hash as a PHC string. 20 ms of CPU and 19 MiB: never on a request thread.
pub fn hash(password: &str) -> Result<String> {
    let broken = |what: String| Error::internal(codes::INTERNAL, format!("argon2: {what}"));
    let salt: [u8; 16] = secrets::random()?;
    let params = Params::default();
    let derived = derive(params.clone(), password, &salt).ok_or_else(|| broken("no hash".to_owned()))?;
    let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
    Ok(format!("$argon2id$v=19$m={m},t={t},p={p}${}${}", STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(derived)))
}

/// Whether a password belongs to a PHC string. As slow as `hash`.
pub fn verify(password: &str, hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return false };
    let (Ok(params), Some(salt), Some(kept)) = (Params::try_from(&parsed), parsed.salt, parsed.hash) else { return false };
    derive(params, password, salt.as_ref()).is_some_and(|derived| derived == kept.as_ref())
}

/// Memory of earlier hashings. Given back each time, it would stay with the allocator of every thread that hashed.
static MEMORY: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Memories that are kept: as many as hashings run at once.
const KEPT_MEMORIES: usize = 2;

fn derive(params: Params, password: &str, salt: &[u8]) -> Option<[u8; Params::DEFAULT_OUTPUT_LEN]> {
    let mut blocks = MEMORY.lock().ok()?.pop().unwrap_or_default();
    blocks.resize(params.block_count(), Block::default());
    let mut derived = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut derived, &mut blocks);
    if let Ok(mut kept) = MEMORY.lock()
        && kept.len() < KEPT_MEMORIES
    {
        kept.push(blocks);
    }
    done.ok().map(|()| derived)
}

/// A hash that no password has, to take the same time for an unknown name.
pub const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWF0LWFsbC1oZXJl$qLml5cbqFAO6YxVHhrSBHP0UWdxIIxNcNeuwbAQlwKc";

/// The digests of an application user, `HA1` in hexadecimal by MD5 and by SHA-256 (RFC 7616 §3.4.2), joined with `:`.
pub fn digests(user_name: &str, password: &str) -> String {
    let text = format!("{user_name}:{REALM}:{password}");
    format!("{}:{}", hex(&Md5::digest(text.as_bytes())), hex(&Sha256::digest(text.as_bytes())))
}

pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_refused_for_its_own_reason() {
        let code = |password| check("p", password, "carrier").map_err(|error| error.code);
        assert_eq!(code("Go0d-Passw"), Ok(()));
        assert_eq!(code("Go0d passw"), Err(codes::PASSWORD_SPACES));
        assert_eq!(code("Sh0rt-x"), Err(codes::PASSWORD_BLANK));
        assert_eq!(code("lowercase-1"), Err(codes::PASSWORD_CHARACTERS));
        assert_eq!(code("NoDigit-here"), Err(codes::PASSWORD_CHARACTERS));
        assert_eq!(code("NoSpecial11"), Err(codes::PASSWORD_CHARACTERS));
        assert_eq!(code("Aa1-Aa1-Aa1-"), Err(codes::PASSWORD_WEAK));
        assert_eq!(code("My-Carrier-1"), Err(codes::PASSWORD_WEAK));
    }

    #[test]
    fn a_hash_verifies_its_own_password_alone() -> Result<()> {
        let kept = hash("Go0d-Passw")?;
        assert!(verify("Go0d-Passw", &kept));
        assert!(!verify("Go0d-Passw ", &kept));
        assert!(!verify("", NOBODY));
        assert!(PasswordHash::new(NOBODY).is_ok(), "the stand-in must take as long as a real one");
        Ok(())
    }

    #[test]
    fn digests_are_those_of_rfc_7616() {
        let both = digests("alice", "secret");
        assert_eq!(both.split(':').next(), Some(hex(&Md5::digest(b"alice:voximplant.com:secret")).as_str()));
        assert_eq!(both.len(), 32 + 1 + 64);
    }
}
