//! The side that asks.

use std::{collections::BTreeMap, net::IpAddr};

use cordboard_now::{Chance, Now};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::{Choice, ConstantTimeEq};

use super::{Algorithm, Ha1s, Params, hex, unhex};
use crate::{message::Request, syntax::Quoted, uri::Uri};

/// A nonce is good for five minutes. Our own choice: above the 60 s that phones refresh after behind NAT, so that most requests need no second
/// round, and short for what is seen on the wire.
pub const NONCE_MS: i64 = 300_000;
/// Nonces whose counts are remembered. Our own bound, about 1 MiB; only a right answer takes a place. Where it is full the oldest nonces are
/// treated as too old.
pub const MOST_NONCES: usize = 16_384;
/// Bytes of the HMAC that a nonce carries: half of SHA-256's, as RFC 2104 §5 allows at least.
const MAC_BYTES: usize = 16;
/// Bytes of a nonce's time, which holds for 9,000 years, and of its chance, which tells those of one millisecond apart. Few, because whoever a
/// forged address belongs to gets them twice.
const TIME_BYTES: usize = 6;
const CHANCE_BYTES: usize = 4;
/// Time, chance and HMAC.
const NONCE_BYTES: usize = TIME_BYTES + CHANCE_BYTES + MAC_BYTES;

/// What a request says about who sent it. Nothing of it is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    pub username: String,
    algorithm: Algorithm,
    nonce: String,
    /// Proved with the password, but not compared with the Request-URI: some phones name the server there (SIPp), and a hop may have
    /// given the request another one.
    uri: String,
    response: String,
    /// nc and cnonce, if qop=auth.
    counted: Option<(String, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    /// Right, but the nonce is too old or this count of it was used before: challenge again with `stale`.
    Stale,
    /// Unknown user or wrong password, in answer to a nonce of ours for this address: this counts as a failed attempt.
    Wrong,
    /// No answer to a question of ours: challenge, and count nothing, since the address may be forged.
    Foreign,
}

/// Counts of one nonce that were used: the highest, and which of the 64 up to it.
#[derive(Clone, Copy, Debug)]
struct Used {
    highest: u32,
    /// Bit n: `highest - n`.
    bits: u64,
}

impl Authorization {
    /// The host of what was signed. Whoever verifies must see that it is its own: a stranger whom a phone calls may hand our challenge on to
    /// it, and the answer on to us.
    pub fn host(&self) -> Option<String> {
        Uri::parse(&self.uri).ok().filter(Uri::is_sip).map(|uri| uri.host)
    }
}

/// The first version of baresip (of its library re) that takes a challenge with another algorithm beside MD5.
const BARESIP_TAKES_BOTH: (u32, u32) = (3, 12);

/// Whether a User-Agent is that of a phone that fails at a challenge with another algorithm beside MD5.
fn takes_md5_alone(user_agent: &str) -> bool {
    let Some(version) = user_agent.strip_prefix("baresip") else { return false };
    let mut numbers = version.trim_start_matches([' ', 'v']).split(|letter: char| !letter.is_ascii_digit()).map(|number| number.parse().ok());
    let version = numbers.next().flatten().zip(numbers.next().flatten());
    version.is_none_or(|version| version < BARESIP_TAKES_BOTH)
}

/// Challenges and verifies for one realm. Nonces carry their own proof; only the counts of those that were answered rightly are kept.
pub struct Server {
    realm: String,
    key: [u8; 32],
    /// Verified against where there is no such user, so that this takes the same work.
    dummy: Ha1s,
    /// By time and chance of the nonce.
    used: BTreeMap<(i64, [u8; CHANCE_BYTES]), Used>,
    /// Nonces from here or before have been forgotten and are too old.
    forgotten_ms: i64,
}

impl Server {
    /// `key` is secret. The realm is part of what HA1s were made of and never changes.
    pub fn new(realm: &str, key: [u8; 32]) -> Self {
        Self { realm: realm.to_owned(), key, dummy: Ha1s::new("", realm, &hex(&key)), used: BTreeMap::new(), forgotten_ms: i64::MIN }
    }

    /// Values of WWW-Authenticate or Proxy-Authenticate, each a field of its own. MD5 is the first, because many phones look at no
    /// other (SIPp, PJSIP before 2.11); who can take SHA-256 is free to (RFC 8760 §2.4). `user_agent` is what the request says
    /// of its sender: baresip before 3.12 gives up at an algorithm that it does not know, in whatever place, and at a second challenge of a realm
    /// at all, so it is asked for MD5 alone. Whoever could write that name into a request under way could as well take SHA-256 out of the
    /// challenge, which nothing protects.
    pub fn challenges(&self, now: Now, peer: IpAddr, stale: bool, user_agent: Option<&str>, chance: &mut Chance) -> Vec<String> {
        let nonce = self.nonce(now.utc_ms, chance.bytes(), peer);
        let md5_alone = user_agent.is_some_and(takes_md5_alone);
        let algorithms: &[Algorithm] = if md5_alone { &[Algorithm::Md5] } else { &[Algorithm::Md5, Algorithm::Sha256] };
        let value = |algorithm: &Algorithm| {
            let stale = if stale { ", stale=true" } else { "" };
            format!("Digest realm={}, nonce=\"{nonce}\", algorithm={}, qop=\"auth\"{stale}", Quoted(&self.realm), algorithm.name())
        };
        algorithms.iter().map(value).collect()
    }

    /// The credentials for this realm that a request brings in Authorization or Proxy-Authorization, if they can be understood. Their user
    /// is to be looked up for [`Self::verify`].
    pub fn authorization(&self, request: &Request) -> Option<Authorization> {
        let fields = ["Authorization", "Proxy-Authorization"].into_iter().flat_map(|name| request.headers.all(name));
        fields.filter_map(|value| Params::parse(value).ok().flatten()).find_map(|params| self.understood(&params))
    }

    fn understood(&self, params: &Params) -> Option<Authorization> {
        if params.get("realm")? != self.realm {
            return None;
        }
        let counted = match params.get("qop") {
            Some(qop) if qop.eq_ignore_ascii_case("auth") => Some((params.get("nc")?.to_owned(), params.get("cnonce")?.to_owned())),
            Some(_) => return None,
            None => None,
        };
        Some(Authorization {
            username: params.get("username")?.to_owned(),
            algorithm: Algorithm::parse(params.get("algorithm"))?,
            nonce: params.get("nonce")?.to_owned(),
            uri: params.get("uri")?.to_owned(),
            response: params.get("response")?.to_ascii_lowercase(),
            counted,
        })
    }

    /// Whether the sender at this address knows the password. `ha1s` is `None` for a user that does not exist, which takes the same work as a
    /// wrong password. An answer without qop counts as the first and only use of its nonce.
    pub fn verify(&mut self, now: Now, peer: IpAddr, request: &Request, authorization: &Authorization, ha1s: Option<&Ha1s>) -> Verdict {
        let Some((sent_ms, chance)) = self.own_nonce(&authorization.nonce, peer) else { return Verdict::Foreign };
        let count = match &authorization.counted {
            None => Some(1),
            Some((nc, _)) => unhex::<4>(nc).map(u32::from_be_bytes).filter(|count| *count > 0),
        };
        let known = Choice::from(u8::from(ha1s.is_some()));
        let ha1 = ha1s.unwrap_or(&self.dummy).hex(authorization.algorithm);
        let counted = authorization.counted.as_ref().map(|(nc, cnonce)| (nc.as_str(), cnonce.as_str()));
        let response = authorization.algorithm.response(&ha1, &authorization.nonce, counted, &request.method, &authorization.uri);
        let right = response.as_bytes().ct_eq(authorization.response.as_bytes()) & known;
        if !bool::from(right) {
            return Verdict::Wrong;
        }
        let Some(count) = count else { return Verdict::Wrong };
        let age_ms = now.utc_ms.saturating_sub(sent_ms);
        if !(0..NONCE_MS).contains(&age_ms) || sent_ms <= self.forgotten_ms {
            return Verdict::Stale;
        }
        self.forget(now.utc_ms);
        if self.first_use((sent_ms, chance), count) { Verdict::Accepted } else { Verdict::Stale }
    }

    fn nonce(&self, sent_ms: i64, chance: [u8; CHANCE_BYTES], peer: IpAddr) -> String {
        let mut bytes = [0; NONCE_BYTES];
        bytes[..TIME_BYTES].copy_from_slice(&sent_ms.to_be_bytes()[8 - TIME_BYTES..]);
        bytes[TIME_BYTES..TIME_BYTES + CHANCE_BYTES].copy_from_slice(&chance);
        bytes[TIME_BYTES + CHANCE_BYTES..].copy_from_slice(&self.mac(sent_ms, chance, peer));
        hex(&bytes)
    }

    fn mac(&self, sent_ms: i64, chance: [u8; CHANCE_BYTES], peer: IpAddr) -> [u8; MAC_BYTES] {
        let mut out = [0; MAC_BYTES];
        // HMAC takes keys of any length, so this always is one.
        if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) {
            mac.update(&sent_ms.to_be_bytes());
            mac.update(&chance);
            match peer.to_canonical() {
                IpAddr::V4(address) => mac.update(&address.octets()),
                IpAddr::V6(address) => mac.update(&address.octets()),
            }
            mac.update(self.realm.as_bytes());
            out.copy_from_slice(&mac.finalize().into_bytes()[..MAC_BYTES]);
        }
        out
    }

    /// Whether the credentials answer a nonce that was made here for this address: only then their user is worth a look-up.
    pub fn is_asked(&self, authorization: &Authorization, peer: IpAddr) -> bool {
        self.own_nonce(&authorization.nonce, peer).is_some()
    }

    /// Time and chance of a nonce that was made here for this address.
    fn own_nonce(&self, nonce: &str, peer: IpAddr) -> Option<(i64, [u8; CHANCE_BYTES])> {
        let bytes: [u8; NONCE_BYTES] = unhex(nonce)?;
        let (mut sent, mut chance) = ([0; 8], [0; CHANCE_BYTES]);
        sent[8 - TIME_BYTES..].copy_from_slice(&bytes[..TIME_BYTES]);
        chance.copy_from_slice(&bytes[TIME_BYTES..TIME_BYTES + CHANCE_BYTES]);
        let sent_ms = i64::from_be_bytes(sent);
        bool::from(self.mac(sent_ms, chance, peer).ct_eq(&bytes[TIME_BYTES + CHANCE_BYTES..])).then_some((sent_ms, chance))
    }

    /// Drops what is too old to be answered.
    fn forget(&mut self, now_ms: i64) {
        while let Some((&(sent_ms, _), _)) = self.used.first_key_value() {
            if sent_ms.saturating_add(NONCE_MS) > now_ms && self.used.len() < MOST_NONCES {
                return;
            }
            self.used.pop_first();
            self.forgotten_ms = self.forgotten_ms.max(sent_ms);
        }
    }

    /// Notes a use; tells whether there was none of this count. Counts may overtake each other by up to 63.
    fn first_use(&mut self, nonce: (i64, [u8; CHANCE_BYTES]), count: u32) -> bool {
        let Some(used) = self.used.get_mut(&nonce) else {
            if nonce.0 <= self.forgotten_ms {
                return false;
            }
            self.used.insert(nonce, Used { highest: count, bits: 1 });
            return true;
        };
        if count > used.highest {
            used.bits = used.bits.checked_shl(count - used.highest).unwrap_or(0) | 1;
            used.highest = count;
            return true;
        }
        let bit = 1_u64.checked_shl(used.highest - count).unwrap_or(0);
        let first = bit != 0 && used.bits & bit == 0;
        used.bits |= bit;
        first
    }
}

#[cfg(test)]
mod tests {
    use cordboard_now::Instant;

    use super::*;
    use crate::{digest::challenges, io::Credentials, message::Response};

    const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn at(ms: i64) -> Now {
        Now { monotonic: Instant(0), utc_ms: 1_700_000_000_000 + ms }
    }

    struct World {
        server: Server,
        chance: Chance,
        bob: Ha1s,
    }

    impl World {
        fn new() -> Self {
            Self { server: Server::new("example", [7; 32]), chance: Chance::new(&[1; 32]), bob: Ha1s::new("bob", "example", "secret") }
        }

        fn challenge(&mut self, only: Option<usize>) -> crate::digest::Challenge {
            let values = self.server.challenges(at(0), PEER, false, None, &mut self.chance);
            let mut response = Response::new(401, "");
            for (number, value) in values.into_iter().enumerate() {
                if only.is_none_or(|only| only == number) {
                    response.headers.push("WWW-Authenticate", value);
                }
            }
            challenges(&response).remove(0)
        }

        fn request(&mut self, challenge: &crate::digest::Challenge, password: &str, count: u32) -> Request {
            let mut request = Request::new("REGISTER", Uri::sip(None, "example.com", None));
            let credentials = Credentials { username: "bob".to_owned(), password: password.to_owned() };
            let (name, value) = challenge.answer("REGISTER", &request.uri, &credentials, count, &mut self.chance);
            request.headers.push(name, value);
            request
        }

        fn verdict(&mut self, ms: i64, peer: IpAddr, request: &Request, known: bool) -> Verdict {
            let authorization = self.server.authorization(request).unwrap();
            assert_eq!(authorization.username, "bob");
            let bob = self.bob.clone();
            self.server.verify(at(ms), peer, request, &authorization, known.then_some(&bob))
        }
    }

    #[test]
    fn the_right_password_is_accepted_by_either_algorithm() {
        for (only, algorithm) in [(None, Algorithm::Sha256), (Some(0), Algorithm::Md5)] {
            let mut world = World::new();
            let challenge = world.challenge(only);
            assert_eq!(challenge.algorithm, algorithm);
            let request = world.request(&challenge, "secret", 1);
            assert_eq!(world.verdict(1, PEER, &request, true), Verdict::Accepted);
        }
    }

    #[test]
    fn phones_that_fail_at_other_algorithms_are_asked_for_md5_first_or_alone() {
        let mut world = World::new();
        let mut asked = |user_agent| {
            let values = world.server.challenges(at(0), PEER, false, user_agent, &mut world.chance);
            values.iter().map(|value| value.contains("algorithm=MD5")).collect::<Vec<_>>()
        };
        assert_eq!(asked(None), [true, false]);
        assert_eq!(asked(Some("Linphone/5.2")), [true, false]);
        for old in ["baresip v1.0.0 (x86_64/linux)", "baresip v3.11.9", "baresip 0.6.5", "baresip", "baresip v99999999999.1"] {
            assert_eq!(asked(Some(old)), [true], "{old}");
        }
        for new in ["baresip v3.12.0 (x86_64/Linux)", "baresip v4.0", "Linphone/baresip"] {
            assert_eq!(asked(Some(new)).len(), 2, "{new}");
        }
    }

    #[test]
    fn a_wrong_password_and_an_unknown_user_are_told_the_same() {
        let mut world = World::new();
        let challenge = world.challenge(None);
        let (right, wrong) = (world.request(&challenge, "secret", 1), world.request(&challenge, "guess", 1));
        assert_eq!(world.verdict(1, PEER, &wrong, true), Verdict::Wrong);
        assert_eq!(world.verdict(1, PEER, &right, false), Verdict::Wrong);
        assert_eq!(world.verdict(NONCE_MS, PEER, &wrong, true), Verdict::Wrong);
        assert_eq!(world.verdict(NONCE_MS, PEER, &right, false), Verdict::Wrong);
    }

    #[test]
    fn a_nonce_is_good_for_its_time_and_its_address() {
        let mut world = World::new();
        let challenge = world.challenge(None);
        let request = world.request(&challenge, "secret", 1);
        assert_eq!(world.verdict(NONCE_MS, PEER, &request, true), Verdict::Stale);
        assert_eq!(world.verdict(-1, PEER, &request, true), Verdict::Stale);
        assert_eq!(world.verdict(1, "192.0.2.1".parse().unwrap(), &request, true), Verdict::Foreign);
        world.server.key = [8; 32];
        assert_eq!(world.verdict(1, PEER, &request, true), Verdict::Foreign);
    }

    #[test]
    fn a_count_is_taken_once_and_may_be_overtaken() {
        let mut world = World::new();
        let challenge = world.challenge(None);
        for (count, verdict) in [
            (2, Verdict::Accepted),
            (1, Verdict::Accepted),
            (2, Verdict::Stale),
            (66, Verdict::Accepted),
            (2, Verdict::Stale),
            (3, Verdict::Accepted),
            (3, Verdict::Stale),
        ] {
            let request = world.request(&challenge, "secret", count);
            assert_eq!(world.verdict(1, PEER, &request, true), verdict, "{count}");
        }
        let mut legacy = world.challenge(Some(0));
        legacy.qop = false;
        let request = world.request(&legacy, "secret", 1);
        assert_eq!(world.verdict(1, PEER, &request, true), Verdict::Accepted);
        assert_eq!(world.verdict(1, PEER, &request, true), Verdict::Stale);
    }

    #[test]
    fn a_full_table_forgets_the_oldest_and_takes_nothing_twice() {
        let mut server = Server::new("example", [7; 32]);
        for ms in 1..=i64::try_from(MOST_NONCES).unwrap() + 10 {
            server.forget(ms);
            assert!(server.first_use((ms, [0; CHANCE_BYTES]), 1));
        }
        assert!(server.used.len() <= MOST_NONCES);
        assert_eq!(server.forgotten_ms, 10);
        assert!(!server.first_use((10, [0; CHANCE_BYTES]), 1));
        server.forget(NONCE_MS * 2);
        assert!(server.used.is_empty());
    }

    #[test]
    fn an_answer_may_name_the_server_in_place_of_the_target() {
        let mut world = World::new();
        let challenge = world.challenge(None);
        let mut request = world.request(&challenge, "secret", 1);
        request.uri = Uri::sip(None, "example.net", None);
        assert_eq!(world.verdict(1, PEER, &request, true), Verdict::Accepted);
        assert_eq!(world.verdict(1, PEER, &request, true), Verdict::Stale);
    }
}
