//! The side that is asked.

use cordboard_now::Chance;

use super::{Algorithm, Params, hex};
use crate::{io::Credentials, message::Response, syntax::Quoted, uri::Uri};

/// Challenges of one response that are looked at; our own bound: a proxy for each of a few hops, in two algorithms.
const MOST_CHALLENGES: usize = 16;

/// One question that can be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    pub realm: String,
    pub nonce: String,
    pub opaque: Option<String>,
    pub algorithm: Algorithm,
    /// Whether qop=auth is offered; if no qop is, the older answer without it is given.
    pub qop: bool,
    /// The nonce was too old and the credentials right: answer again without asking anybody.
    pub stale: bool,
    /// Answered in Proxy-Authorization.
    pub proxy: bool,
}

/// The challenges of a 401 or 407, at most one for each realm: the strongest (RFC 8760 §2.4).
pub fn challenges(response: &Response) -> Vec<Challenge> {
    let mut found: Vec<Challenge> = Vec::new();
    for (name, proxy) in [("WWW-Authenticate", false), ("Proxy-Authenticate", true)] {
        for value in response.headers.all(name).take(MOST_CHALLENGES) {
            let Ok(Some(params)) = Params::parse(value) else { continue };
            let Some(challenge) = Challenge::from_params(&params, proxy) else { continue };
            match found.iter_mut().find(|known| known.realm == challenge.realm && known.proxy == proxy) {
                Some(known) if known.algorithm < challenge.algorithm => *known = challenge,
                Some(_) => {}
                None => found.push(challenge),
            }
        }
    }
    found
}

impl Challenge {
    fn from_params(params: &Params, proxy: bool) -> Option<Self> {
        let qop = match params.get("qop") {
            None => false,
            Some(list) => list.split(',').any(|qop| qop.trim().eq_ignore_ascii_case("auth")).then_some(true)?,
        };
        Some(Self {
            realm: params.get("realm")?.to_owned(),
            nonce: params.get("nonce")?.to_owned(),
            opaque: params.get("opaque").map(str::to_owned),
            algorithm: Algorithm::parse(params.get("algorithm"))?,
            qop,
            stale: params.get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
            proxy,
        })
    }

    /// Name and value of the header field that answers, for a request of this method and Request-URI. `count` says how often this nonce is
    /// used, from 1.
    pub fn answer(&self, method: &str, uri: &Uri, credentials: &Credentials, count: u32, chance: &mut Chance) -> (&'static str, String) {
        let uri = uri.to_string();
        let Credentials { username, password } = credentials;
        let ha1 = self.algorithm.hash(&[username, &self.realm, password]);
        let nc = format!("{count:08x}");
        let cnonce = hex(&chance.bytes::<8>());
        let counted = self.qop.then_some((nc.as_str(), cnonce.as_str()));
        let response = self.algorithm.response(&ha1, &self.nonce, counted, method, &uri);
        let mut value = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\", algorithm={}",
            Quoted(username),
            Quoted(&self.realm),
            Quoted(&self.nonce),
            Quoted(&uri),
            self.algorithm.name()
        );
        if self.qop {
            value.push_str(&format!(", qop=auth, nc={nc}, cnonce=\"{cnonce}\""));
        }
        if let Some(opaque) = &self.opaque {
            value.push_str(&format!(", opaque={}", Quoted(opaque)));
        }
        (if self.proxy { "Proxy-Authorization" } else { "Authorization" }, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(fields: &[(&str, &str)]) -> Response {
        let mut response = Response::new(401, "");
        response.headers.extend(fields.iter().copied());
        response
    }

    #[test]
    fn the_strongest_challenge_of_each_realm_is_answered() {
        let found = challenges(&response(&[
            ("WWW-Authenticate", "Digest realm=\"a\", nonce=\"1\", algorithm=MD5, qop=\"auth,auth-int\""),
            ("WWW-Authenticate", "Digest realm=\"a\", nonce=\"2\", algorithm=SHA-256, qop=\"auth\", stale=TRUE"),
            ("WWW-Authenticate", "Digest realm=\"a\", nonce=\"3\", algorithm=SHA-512-256, qop=\"auth\""),
            ("WWW-Authenticate", "Digest realm=\"int\", nonce=\"4\", qop=\"auth-int\""),
            ("WWW-Authenticate", "Basic realm=\"a\""),
            ("Proxy-Authenticate", "Digest realm=\"b\",nonce=\"5\",opaque=\"x\""),
        ]));
        assert_eq!(
            found.iter().map(|one| (one.realm.as_str(), one.nonce.as_str(), one.qop, one.stale, one.proxy)).collect::<Vec<_>>(),
            [("a", "2", true, true, false), ("b", "5", false, false, true)]
        );
    }

    /// RFC 7616 §3.9.1.
    #[test]
    fn the_examples_of_the_standard_come_out() {
        let (nonce, cnonce) = ("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
        for (algorithm, response) in
            [(Algorithm::Md5, "8ca523f5e9506fed4657c9700eebdbec"), (Algorithm::Sha256, "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
        {
            let ha1 = algorithm.hash(&["Mufasa", "http-auth@example.org", "Circle of Life"]);
            assert_eq!(algorithm.response(&ha1, nonce, Some(("00000001", cnonce)), "GET", "/dir/index.html"), response);
        }
        // RFC 2617 §3.5, and the example of RFC 2069 §2.4 as its errata have it.
        let nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
        let ha1 = |password| Algorithm::Md5.hash(&["Mufasa", "testrealm@host.com", password]);
        let counted = Some(("00000001", "0a4f113b"));
        assert_eq!(Algorithm::Md5.response(&ha1("Circle Of Life"), nonce, counted, "GET", "/dir/index.html"), "6629fae49393a05397450978507c4ef1");
        assert_eq!(Algorithm::Md5.response(&ha1("CircleOfLife"), nonce, None, "GET", "/dir/index.html"), "1949323746fe6a43ef61f9606e7febea");
    }
}
