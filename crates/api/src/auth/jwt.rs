use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Proof, check_ip, is_at_or_below, must_be_active};
use crate::{
    Api,
    caller::{Caller, Identity},
    codes,
    error::{Error, Errors, Result},
    registry::Credentials,
    store::{
        accounts::{self, Tenant},
        keys,
    },
    wire::{Param, Rules},
};

/// `exp` may be at most this far behind `iat`. Semantics §4.3.
pub const MAX_LIFETIME_SECONDS: i64 = 3_600;

/// How far the clocks of caller and server may differ, seconds. Semantics §4.4.
const SKEW_SECONDS: i64 = 30;

/// Characters of a key id at most; ours are UUIDs.
const LONGEST_KEY_ID: usize = 100;

/// Bytes of a token at most; those of the clients have 600.
const LONGEST_TOKEN: usize = 8_192;

/// The parts of a token that are understood before its signature is checked.
struct Token<'a> {
    signed: &'a str,
    signature: &'a str,
    key_id: String,
    claims: Claims,
}

struct Claims {
    account_id: i64,
    issued: i64,
    expires: i64,
}

fn malformed(what: &str) -> Errors {
    Error::new(codes::JWT_MALFORMED, format!("The JWT is malformed: {what}.")).into()
}

fn object(part: &str, what: &str) -> Result<serde_json::Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| malformed(&format!("its {what} is not base64url")))?;
    serde_json::from_slice(&bytes).map_err(|_| malformed(&format!("its {what} is not a JSON object")))
}

/// Seconds since 1970; a fraction is cut.
#[allow(clippy::cast_possible_truncation)]
fn seconds(claims: &serde_json::Map<String, Value>, name: &str) -> Result<i64> {
    let value = claims.get(name).ok_or_else(|| malformed(&format!("the claim {name} is missing")))?;
    let whole = value.as_i64().or_else(|| value.as_f64().filter(|number| number.abs() < 1e15).map(|number| number as i64));
    whole.filter(|number| number.unsigned_abs() < 1_000_000_000_000_000).ok_or_else(|| malformed(&format!("the claim {name} is not a number of seconds")))
}

impl<'a> Token<'a> {
    fn parse(token: &'a str) -> Result<Self> {
        if token.len() > LONGEST_TOKEN {
            return Err(malformed("it is too long"));
        }
        let (signed, signature) = token.rsplit_once('.').ok_or_else(|| malformed("it has no three parts"))?;
        let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or_else(|| malformed("it has no three parts"))?;
        let header = object(header, "header")?;
        if header.get("alg").and_then(Value::as_str) != Some("RS256") {
            return Err(malformed("its algorithm must be RS256"));
        }
        let key_id = header.get("kid").and_then(Value::as_str).filter(|id| !id.is_empty() && id.len() <= LONGEST_KEY_ID && !id.contains('\0'));
        let key_id = key_id.ok_or_else(|| malformed("its header needs kid, the key's id"))?.to_owned();
        let claims = object(claims, "payload")?;
        let issuer = claims.get("iss").ok_or_else(|| malformed("the claim iss is missing"))?;
        let account_id = issuer.as_i64().or_else(|| issuer.as_str().and_then(|text| text.parse().ok()));
        let account_id = account_id.ok_or_else(|| malformed("the claim iss is not an account id"))?;
        let claims = Claims { account_id, issued: seconds(&claims, "iat")?, expires: seconds(&claims, "exp")? };
        Ok(Self { signed, signature, key_id, claims })
    }
}

impl Claims {
    fn check(&self, now_seconds: i64) -> Result<()> {
        let lifetime = self.expires - self.issued;
        if lifetime > MAX_LIFETIME_SECONDS {
            return Err(Error::new(codes::JWT_LIFETIME, format!("The JWT lives {lifetime} seconds; {MAX_LIFETIME_SECONDS} are allowed.")).into());
        }
        if self.issued > now_seconds + SKEW_SECONDS {
            return Err(Error::new(codes::JWT_ISSUED_IN_FUTURE, format!("The JWT is issued in the future, by {} seconds.", self.issued - now_seconds)).into());
        }
        if self.expires < now_seconds - SKEW_SECONDS {
            return Err(Error::new(codes::JWT_EXPIRED, format!("The JWT expired {} seconds ago.", now_seconds - self.expires)).into());
        }
        Ok(())
    }
}

impl Api {
    /// The key is found by `kid`; `iss`, and an `account_id` beside the JWT, must be the key's own account or below it.
    pub(super) async fn by_jwt(&self, token: &str, proof: &Proof<'_>, credentials: Credentials) -> Result<(Tenant, Caller)> {
        let token = Token::parse(token)?;
        let beside = match credentials {
            Credentials::Own => i64::read_optional(proof.params, "account_id", &Rules::NONE.code(codes::ACCOUNT_ID))?,
            Credentials::Parent => i64::read_optional(proof.params, "parent_account_id", &Rules::NONE.code(codes::ACCOUNT_ID))?,
        };
        let (key_id, issuer, ip, enforced) = (token.key_id.clone(), token.claims.account_id, proof.ip, self.settings.enforce_authorized_ips);
        let found = self
            .db
            .read(move |tx| {
                let unknown = || Error::authentication("The JWT is not from a key of this account.");
                let key = keys::credential(tx, &key_id)?.ok_or_else(unknown)?;
                let home = accounts::tenant_by_id(tx, key.account_id)?.ok_or_else(unknown)?;
                let mut target = home.clone();
                // One official client sends 0 where it was given no account: the key's own.
                let issuer = Some(issuer).filter(|id| *id != 0);
                for id in [issuer, beside].into_iter().flatten().filter(|id| *id != home.id) {
                    target = accounts::tenant_by_id(tx, id)?.ok_or_else(unknown)?;
                    if !is_at_or_below(tx, home.id, &target)? {
                        return Err(unknown().into());
                    }
                }
                if beside == Some(home.id) {
                    target = home.clone();
                }
                let roles = keys::roles_of_credential(tx, &key_id)?;
                let addresses = check_ip(tx, enforced, &home, ip).and_then(|()| if target.id == home.id { Ok(()) } else { check_ip(tx, enforced, &target, ip) });
                Ok((key, home, target, roles, addresses))
            })
            .await;
        let (key, home, target, roles, addresses) = found?;
        // What is no base64url is no signature of this key either.
        let signature = URL_SAFE_NO_PAD.decode(token.signature).unwrap_or_default();
        if !self.verifier.is_from(&key.public_key, token.signed.as_bytes(), &signature) {
            return Err(Error::authentication("The JWT's signature is not from this key.").into());
        }
        token.claims.check(proof.now.0.div_euclid(1_000))?;
        must_be_active(&home)?;
        addresses?;
        let identity = Identity::Key { id: token.key_id, subuser_id: key.subuser_id };
        Ok((target, Caller::with_roles(identity, home.id, roles)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(result: Result<T>) -> Option<u16> {
        result.err().map(|errors| errors.first_code().0)
    }

    fn token(header: &str, claims: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims))
    }

    const GOOD_HEADER: &str = r#"{"alg":"RS256","kid":"k"}"#;

    #[test]
    fn every_deviation_from_the_form_is_447() {
        let good = r#"{"iss":1,"iat":1,"exp":2}"#;
        for (header, claims) in [
            (r#"{"alg":"none","kid":"k"}"#, good),
            (r#"{"alg":"HS256","kid":"k"}"#, good),
            (r#"{"alg":"rs256","kid":"k"}"#, good),
            (r#"{"alg":"RS256"}"#, good),
            (r#"{"alg":"RS256","kid":7}"#, good),
            (r#"["RS256"]"#, good),
            (GOOD_HEADER, r#"{"iat":1,"exp":2}"#),
            (GOOD_HEADER, r#"{"iss":"acme","iat":1,"exp":2}"#),
            (GOOD_HEADER, r#"{"iss":1,"exp":2}"#),
            (GOOD_HEADER, r#"{"iss":1,"iat":1}"#),
            (GOOD_HEADER, r#"{"iss":1,"iat":"1","exp":2}"#),
            (GOOD_HEADER, r#"{"iss":1,"iat":1e300,"exp":2}"#),
            (GOOD_HEADER, r#"{"iss":1,"iat":-9223372036854775808,"exp":2}"#),
            (GOOD_HEADER, r#"{"iss":1,"iat":1,"exp":9223372036854775807}"#),
            (GOOD_HEADER, "not json"),
        ] {
            assert_eq!(code(Token::parse(&token(header, claims))), Some(447), "{header} {claims}");
        }
        for text in ["", ".", "..", "a.b", "a.b.c.d", "%%%.%%%.%%%"] {
            assert_eq!(code(Token::parse(text)), Some(447), "{text}");
        }
        assert_eq!(code(Token::parse(&"a".repeat(10_000))), Some(447));
    }

    #[test]
    fn the_issuer_may_be_a_number_or_a_text() {
        for claims in [r#"{"iss":7,"iat":1,"exp":2}"#, r#"{"iss":"7","iat":1.5,"exp":2,"nbf":1}"#] {
            assert_eq!(Token::parse(&token(GOOD_HEADER, claims)).map(|token| token.claims.account_id), Ok(7));
        }
    }

    #[test]
    fn times_are_checked_each_under_its_code() {
        let check = |issued, expires| code(Claims { account_id: 1, issued, expires }.check(10_000));
        assert_eq!(check(10_000, 13_600), None);
        assert_eq!(check(10_000, 13_601), Some(454));
        assert_eq!(check(10_030, 10_060), None);
        assert_eq!(check(10_031, 10_060), Some(455));
        assert_eq!(check(9_000, 9_970), None);
        assert_eq!(check(9_000, 9_969), Some(456));
    }
}
