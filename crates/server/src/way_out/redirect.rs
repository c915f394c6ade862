//! Where a redirect leads, and what goes along.

use hyper::{
    HeaderMap, Method,
    header::{self, HeaderName},
};
use url::Url;

use super::{HttpFailure, head::Head};

/// Headers that prove who asks or name the host; another origin does not get them.
const OF_THE_ORIGIN: [HeaderName; 4] = [header::AUTHORIZATION, header::COOKIE, header::HOST, header::PROXY_AUTHORIZATION];

/// Headers that describe a body.
const OF_THE_BODY: [HeaderName; 5] =
    [header::CONTENT_ENCODING, header::CONTENT_LANGUAGE, header::CONTENT_LOCATION, header::CONTENT_TYPE, HeaderName::from_static("content-md5")];

/// One request of a chain of redirects.
pub struct Hop {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: bytes::Bytes,
}

/// The URL of a request that an author wrote.
pub fn parse(text: &str, schemes: &[&str]) -> Result<Url, HttpFailure> {
    let url = Url::parse(text.trim()).map_err(|error| HttpFailure::BadUrl(format!("'{}' is no URL: {error}", text.escape_debug())))?;
    if !schemes.contains(&url.scheme()) || url.host_str().is_none_or(str::is_empty) {
        return Err(HttpFailure::BadUrl(format!("the URL must begin with {}:// and a host, not with {}:", schemes.join(":// or "), url.scheme())));
    }
    Ok(url)
}

/// Makes of a hop the one that this answer asks for; false where it asks for none.
pub fn follow(hop: &mut Hop, head: &Head) -> Result<bool, HttpFailure> {
    if !matches!(head.status, 301 | 302 | 303 | 307 | 308) {
        return Ok(false);
    }
    let Some((_, location)) = head.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location")) else { return Ok(false) };
    let next = hop.url.join(location).map_err(|error| HttpFailure::Redirect(format!("the redirect to '{}' leads nowhere: {error}", location.escape_debug())))?;
    if !["http", "https"].contains(&next.scheme()) {
        return Err(HttpFailure::Redirect(format!("the redirect to '{}' leaves HTTP", location.escape_debug())));
    }
    let to_get = match head.status {
        301 | 302 => hop.method == Method::POST,
        303 => hop.method != Method::HEAD,
        _ => false,
    };
    if to_get {
        hop.method = Method::GET;
        hop.body = bytes::Bytes::new();
        OF_THE_BODY.iter().for_each(|name| drop(hop.headers.remove(name)));
    }
    if next.origin() != hop.url.origin() {
        OF_THE_ORIGIN.iter().for_each(|name| drop(hop.headers.remove(name)));
    }
    hop.url = next;
    Ok(true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn hop(method: Method) -> Hop {
        let pairs = ["Authorization", "Cookie", "Host", "Content-Type", "X-Own"].map(|name| (name.to_owned(), "a".to_owned()));
        Hop { method, url: Url::parse("https://a.example/x/y?z").unwrap(), headers: super::super::head::headers(&pairs).unwrap(), body: "body".into() }
    }

    fn head(status: u16, location: &str) -> Head {
        Head { status, headers: vec![("LOCATION".to_owned(), location.to_owned())], raw: String::new() }
    }

    #[test]
    fn the_method_changes_as_browsers_change_it() {
        for (status, before, after) in [
            (301, Method::POST, Method::GET),
            (302, Method::POST, Method::GET),
            (303, Method::POST, Method::GET),
            (303, Method::PUT, Method::GET),
            (303, Method::HEAD, Method::HEAD),
            (301, Method::PUT, Method::PUT),
            (302, Method::DELETE, Method::DELETE),
            (307, Method::POST, Method::POST),
            (308, Method::PATCH, Method::PATCH),
        ] {
            let mut hop = hop(before.clone());
            assert!(follow(&mut hop, &head(status, "/next")).unwrap());
            assert_eq!(hop.method, after, "{status} {before}");
            assert_eq!((hop.body.is_empty(), hop.headers.contains_key("content-type")), if before == after { (false, true) } else { (true, false) }, "{status} {before}");
        }
    }

    #[test]
    fn what_proves_who_asks_stays_with_its_origin() {
        for (location, stays) in [
            ("../z", true),
            ("https://a.example:443/z", true),
            ("http://a.example/z", false),
            ("https://a.example:8443/z", false),
            ("//b.example/z", false),
            ("https://sub.a.example", false),
        ] {
            let mut hop = hop(Method::GET);
            assert!(follow(&mut hop, &head(307, location)).unwrap());
            for name in ["authorization", "cookie", "host"] {
                assert_eq!(hop.headers.contains_key(name), stays, "{name} {location}");
            }
            assert!(hop.headers.contains_key("x-own"));
        }
    }

    #[test]
    fn a_redirect_out_of_http_is_an_error() {
        for location in ["file:///etc/passwd", "ftp://a.example/", "javascript:alert(1)", "ws://a.example/", "http://[::1/"] {
            assert_eq!(follow(&mut hop(Method::GET), &head(302, location)).unwrap_err().code(), -5, "{location}");
        }
    }

    #[test]
    fn what_is_no_redirect_is_an_answer() {
        for status in [200, 300, 304, 305, 404] {
            assert!(!follow(&mut hop(Method::GET), &head(status, "/next")).unwrap());
        }
        assert!(!follow(&mut hop(Method::GET), &Head { status: 302, headers: Vec::new(), raw: String::new() }).unwrap());
    }
}
