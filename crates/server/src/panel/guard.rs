//! Where the panel answers, to whom, and what browsers are told about it.

use std::net::IpAddr;

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::http::Shared;

/// How a connection came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Plain,
    Tls,
}

/// Scripts, styles and everything else come from this server alone, and nobody frames the panel.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
    worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What pages may ask the user for.
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

const HEADERS: [(&str, &str); 5] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// What a proxy adds to a request. One that is not declared must not make a stranger look like this machine.
const FORWARDED: [&str; 8] = ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-forwarded-server", "x-real-ip"];

/// Tells browsers what they may do with an answer of the panel.
pub fn harden(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    let nothing = HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()");
    response.headers_mut().entry(PERMISSIONS).or_insert(nothing);
    response
}

/// Lets the page that is answered ask for the microphone.
pub fn with_microphone(mut response: Response) -> Response {
    response.headers_mut().insert(PERMISSIONS, HeaderValue::from_static("camera=(), microphone=(self), geolocation=(), payment=(), usb=()"));
    response
}

/// The panel as a browser sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Whether the browser's connection has TLS.
    pub secure: bool,
    /// The origins that it may have.
    pub(super) origins: Vec<String>,
}

impl Site {
    /// The panel's site for a request, if it is one that the panel answers: over TLS, through a trusted proxy that has TLS,
    /// or plainly from this machine to itself by a name that no other machine can have (against DNS rebinding).
    pub fn of(shared: &Shared, peer: IpAddr, transport: Transport, headers: &HeaderMap) -> Option<Self> {
        let peer = peer.to_canonical();
        let proxied = shared.trusted_proxies.iter().any(|network| network.contains(&peer));
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let host = text("host")?;
        let by_proxy = proxied && text("x-forwarded-proto").is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        let secure = transport == Transport::Tls || by_proxy;
        if !secure && !is_of_this_machine(peer, headers) {
            return None;
        }
        let hosts = [Some(host), text("x-forwarded-host").filter(|_| by_proxy)];
        let scheme = if secure { "https" } else { "http" };
        Some(Self { secure, origins: hosts.into_iter().flatten().map(|host| format!("{scheme}://{host}").to_lowercase()).collect() })
    }

    /// Whether a request comes from the panel's own pages, as far as the browser says.
    pub fn is_from_here(&self, headers: &HeaderMap) -> bool {
        let text = |value: &HeaderValue| value.to_str().map(str::to_lowercase).unwrap_or_default();
        headers.get_all("sec-fetch-site").iter().all(|value| text(value) == "same-origin")
            && headers.get_all(header::ORIGIN).iter().all(|value| self.origins.contains(&text(value)))
    }
}

/// Whether a request comes from a browser on this machine, by a name that no other machine can have and through no proxy.
pub fn is_of_this_machine(peer: IpAddr, headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    peer.to_canonical().is_loopback() && is_loopback(host) && !FORWARDED.into_iter().any(|name| headers.contains_key(name))
}

/// Whether a `Host` names the machine itself.
fn is_loopback(host: &str) -> bool {
    let (name, rest) = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').unwrap_or_default(),
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let port = rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    port && (name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

/// What whoever comes in another way sees.
pub fn turned_away(shared: &Shared) -> Response {
    let text = format!("The control panel answers over HTTPS alone, and over plain HTTP on the machine itself. Use {}\n", shared.panel_url);
    (StatusCode::FORBIDDEN, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_the_machine_itself_are_loopback() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.9.9.9:1", "[::1]", "[::1]:8080"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "example.org",
            "localhost.example.org",
            "127.0.0.1.example.org",
            "192.0.2.1",
            "[2001:db8::1]",
            "::1",
            "0.0.0.0",
            "2130706433",
            "[::1]evil",
            "[::1",
            "127.0.0.1:80@evil",
            "localhost:80.evil",
            "localhost:",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_guest_is_on_this_machine_and_behind_no_proxy() {
        let asks = |peer: &str, pairs: &[(&'static str, &'static str)]| {
            let headers = pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
            is_of_this_machine(peer.parse().unwrap(), &headers)
        };
        assert!(asks("127.0.0.1", &[("host", "localhost:8080")]) && asks("::ffff:127.0.0.1", &[("host", "127.0.0.1")]) && asks("::1", &[("host", "[::1]:8443")]));
        assert!(!asks("192.0.2.1", &[("host", "localhost")]) && !asks("127.0.0.1", &[("host", "panel.example.org")]) && !asks("127.0.0.1", &[]));
        assert!(!asks("127.0.0.1", &[("host", "localhost"), ("x-forwarded-for", "192.0.2.1")]));
    }

    #[test]
    fn only_a_page_that_asks_for_it_may_have_the_microphone() {
        let permissions = |response: Response| response.headers().get(PERMISSIONS).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        assert!(permissions(harden(StatusCode::OK.into_response())).contains("microphone=(),"));
        let page = permissions(harden(with_microphone(StatusCode::OK.into_response())));
        assert!(page.contains("microphone=(self)") && page.contains("camera=()"));
    }

    #[test]
    fn a_page_of_another_site_is_not_from_here() {
        let site = Site { secure: true, origins: vec!["https://panel.example.org".to_owned()] };
        let from = |pairs: &[(&'static str, &'static str)]| {
            site.is_from_here(&pairs.iter().map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value))).collect())
        };
        assert!(from(&[]) && from(&[("origin", "https://Panel.example.org")]) && from(&[("sec-fetch-site", "same-origin")]));
        for site in ["cross-site", "same-site", "none", ""] {
            assert!(!from(&[("sec-fetch-site", site)]), "{site}");
        }
        for origin in ["http://panel.example.org", "https://panel.example.org:8443", "https://evil.example", "null", ""] {
            assert!(!from(&[("origin", origin)]), "{origin}");
        }
        assert!(!from(&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")]));
    }
}
