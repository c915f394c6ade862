//! Codes of authenticator apps: RFC 6238 with HMAC-SHA-1, six digits, steps of 30 seconds.

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};

use crate::{error::Result, secrets, wire::Utc};

/// Bytes of a secret, as long as the hash. RFC 4226 §4.
pub const SECRET_BYTES: usize = 20;

/// Milliseconds of a time step. RFC 6238 §4.1.
const STEP_MS: i64 = 30_000;

/// Steps that the clocks of app and server may differ. RFC 6238 §5.2.
const SKEW_STEPS: i64 = 1;

/// A fresh secret.
pub fn secret() -> Result<[u8; SECRET_BYTES]> {
    secrets::random()
}

/// The time step whose code this is, if it is one that may be taken: near the present one and later than `last_step`.
pub fn step_of(secret: &[u8], code: &str, now: Utc, last_step: i64) -> Option<i64> {
    let present = now.0.div_euclid(STEP_MS);
    let mut steps = (present - SKEW_STEPS..=present + SKEW_STEPS).filter(|step| *step > last_step);
    steps.find(|step| verify_slices_are_equal(code_of(secret, *step).as_bytes(), code.as_bytes()).is_ok())
}

/// The code of a moment.
#[cfg(feature = "testing")]
pub fn code_at(secret: &[u8], now: Utc) -> String {
    code_of(secret, now.0.div_euclid(STEP_MS))
}

/// The code of a time step. RFC 4226 §5.3.
fn code_of(secret: &[u8], step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let offset = tag.as_ref().last().map_or(0, |byte| usize::from(byte & 0xf));
    let cut = tag.as_ref().iter().skip(offset).take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (cut & 0x7fff_ffff) % 1_000_000)
}

/// Base32 without padding. RFC 4648 §6.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits = bytes.len() * 8;
    let bit = |at: usize| bytes.get(at / 8).map_or(0, |byte| byte >> (7 - at % 8) & 1);
    (0..bits).step_by(5).map(|at| char::from(LETTERS[usize::from((at..at + 5).fold(0, |number, at| number << 1 | bit(at)))])).collect()
}

/// What an authenticator app reads from a QR code.
pub fn uri(user: &str, secret: &str) -> String {
    use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
    format!("otpauth://totp/Cordboard:{}?secret={secret}&issuer=Cordboard&algorithm=SHA1&digits=6&period=30", utf8_percent_encode(user, NON_ALPHANUMERIC))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, its last six digits.
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_111_111_111, "050471"), (1_234_567_890, "005924"), (2_000_000_000, "279037")] {
            assert_eq!(code_at(SECRET, Utc(seconds * 1_000)), code);
        }
    }

    #[test]
    fn a_code_is_good_near_its_time_and_after_the_last_one() {
        let now = Utc(1_000_000_000_000);
        let step = now.0 / STEP_MS;
        let code = code_at(SECRET, now);
        for (later_ms, good) in [(-STEP_MS, true), (0, true), (STEP_MS, true), (-2 * STEP_MS, false), (2 * STEP_MS, false)] {
            assert_eq!(step_of(SECRET, &code, Utc(now.0 + later_ms), 0), good.then_some(step), "{later_ms}");
        }
        assert_eq!(step_of(SECRET, &code, now, step - 1), Some(step));
        assert_eq!(step_of(SECRET, &code, now, step), None);
        assert_eq!(step_of(SECRET, "", now, 0), None);
    }

    #[test]
    fn base32_is_that_of_the_rfc() {
        for (text, wanted) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(text.as_bytes()), wanted);
        }
    }

    #[test]
    fn the_uri_has_its_user_encoded() {
        assert!(uri("a/b c", "MY").starts_with("otpauth://totp/Cordboard:a%2Fb%20c?secret=MY&"));
    }
}
