use std::{str::FromStr, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{
    Method, Request,
    header::{self, HeaderValue},
};
use tokio::time::timeout;

use super::{
    HttpFailure, WayOut,
    dial::Chosen,
    head::{self, Exchange},
    redirect::{self, Hop},
};

/// Time to connect at most. voxengine.md §6.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(6);

/// Time of a request at most, redirects and body included. voxengine.md §6.
pub const TIMEOUT: Duration = Duration::from_secs(90);

/// Bytes of an answer's body that a scenario may have. voxengine.md §6.
pub const MAX_RESPONSE_BYTES: usize = 2 * 1024 * 1024;

/// voxengine.md §18.
pub const USER_AGENT: &str = "VoxEngine/1.0";

/// Redirects that are followed.
const MAX_REDIRECTS: usize = 10;

/// A request as an author wrote it.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    pub method: String,
    /// http or https. A name and password in it become `Authorization`, if there is none.
    pub url: String,
    /// `User-Agent`, `Accept` and `Host` are added where absent; those that frame the message, such as `Content-Length`, are set from the body.
    /// A body that the server compresses because `Accept-Encoding` asked for it is handed over compressed.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// For each connection; lowers `CONNECT_TIMEOUT`, never raises it.
    pub connect_timeout: Duration,
    /// For everything; lowers `TIMEOUT`, never raises it.
    pub timeout: Duration,
    pub max_response_bytes: usize,
}

impl HttpRequest {
    pub fn new(method: &str, url: &str) -> Self {
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            connect_timeout: CONNECT_TIMEOUT,
            timeout: TIMEOUT,
            max_response_bytes: MAX_RESPONSE_BYTES,
        }
    }
}

/// An answer of any status: one that says failure is an answer, too.
#[derive(Clone, Debug)]
pub struct HttpResponse {
    pub status: u16,
    /// In the order and spelling of the wire, repeated ones as often as they came.
    pub headers: Vec<(String, String)>,
    /// The first line and the headers as they came, to the empty line.
    pub raw_headers: String,
    /// The bytes of the body, as the server encoded them.
    pub body: Vec<u8>,
}

impl WayOut {
    /// Sends a request and follows up to ten redirects. Every connection is guarded; dropping the future closes it.
    pub async fn request(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        self.request_by(Chosen::ByAuthor, request).await
    }

    /// The same for a URL of the configuration, whose host may be anywhere. Where it redirects to is guarded.
    pub async fn request_to_configured(&self, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        self.request_by(Chosen::ByOperator, request).await
    }

    async fn request_by(&self, chosen: Chosen, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let within = request.timeout.min(TIMEOUT);
        timeout(within, self.follow(chosen, request))
            .await
            .unwrap_or_else(|_| Err(HttpFailure::Timeout(format!("the request took longer than {} s", within.as_secs_f64()))))
    }

    async fn follow(&self, mut chosen: Chosen, request: HttpRequest) -> Result<HttpResponse, HttpFailure> {
        let connect_timeout = request.connect_timeout.min(CONNECT_TIMEOUT);
        let mut headers = head::headers(&request.headers)?;
        for (name, value) in [(header::USER_AGENT, USER_AGENT), (header::ACCEPT, "*/*")] {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        let mut hop = Hop { method: method(&request.method)?, url: redirect::parse(&request.url, &["http", "https"])?, headers, body: Bytes::from(request.body) };
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.once(chosen, &hop, connect_timeout).await?;
            chosen = Chosen::ByAuthor;
            if !redirect::follow(&mut hop, &answer.head)? {
                return read(answer, request.max_response_bytes).await;
            }
        }
        Err(HttpFailure::Redirect(format!("there were more than {MAX_REDIRECTS} redirects")))
    }

    async fn once(&self, chosen: Chosen, hop: &Hop, connect_timeout: Duration) -> Result<Exchange, HttpFailure> {
        let mut headers = hop.headers.clone();
        head::add_headers_of_url(&mut headers, &hop.url)?;
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        let mut request = Request::new(Full::new(hop.body.clone()));
        *request.method_mut() = hop.method.clone();
        *request.uri_mut() = head::target(&hop.url).parse().map_err(|error| HttpFailure::BadUrl(format!("the URL's path or query cannot be sent: {error}")))?;
        *request.headers_mut() = headers;
        let (Some(host), Some(port)) = (hop.url.host(), hop.url.port_or_known_default()) else { return Err(HttpFailure::BadUrl("the URL has no host".to_owned())) };
        let tls = (hop.url.scheme() == "https").then_some(&self.0.trust.http);
        head::exchange(self.dial(&host, port, tls, chosen, connect_timeout).await?, request).await
    }
}

fn method(text: &str) -> Result<Method, HttpFailure> {
    // CONNECT asks for a tunnel, whose answer has another form.
    Method::from_str(text)
        .ok()
        .filter(|method| *method != Method::CONNECT)
        .ok_or_else(|| HttpFailure::Internal(format!("'{}' is no method that can be sent", text.escape_debug())))
}

async fn read(answer: Exchange, max_bytes: usize) -> Result<HttpResponse, HttpFailure> {
    let Exchange { head, response, _connection } = answer;
    let too_large = || HttpFailure::TooLarge(format!("the answer is larger than {max_bytes} bytes"));
    let mut incoming = response.into_body();
    if hyper::body::Body::size_hint(&incoming).lower() > max_bytes as u64 {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame.map_err(|error| head::broken(&error))?.into_data() else { continue };
        if data.len() > max_bytes - body.len() {
            return Err(too_large());
        }
        body.extend_from_slice(&data);
    }
    Ok(HttpResponse { status: head.status, headers: head.headers, raw_headers: head.raw, body })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::{
        super::testing::{Answer, Ca, LOOPBACK, Site, local, way_out, with},
        *,
    };

    async fn get(way_out: &WayOut, url: &str) -> Result<HttpResponse, HttpFailure> {
        way_out.request(HttpRequest::new("GET", url)).await
    }

    async fn hello() -> Site {
        Site::start(|_| Answer::text("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello")).await
    }

    #[tokio::test]
    async fn a_request_is_sent_as_written_and_the_answer_kept_as_it_came() {
        let site = Site::start(|_| {
            Answer::text(
                "HTTP/1.1 100 Continue\nX-Early: 1\n\nHTTP/1.1 418 Tea\nSet-Cookie: a=1\nX-oDD: \u{e9}\nset-cookie: b=2\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n",
            )
        })
        .await;
        let mut request = HttpRequest::new("POST", &site.url("/path%20x?q=a|b#part"));
        request.headers = [("x-one", "1"), ("X-Two", " 2 "), ("x-one", "3"), ("Content-Length", "999"), ("Transfer-Encoding", "chunked"), ("Connection", "keep-alive")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        request.body = b"body".to_vec();
        let response = way_out(LOOPBACK, local).request(request).await.unwrap();
        assert_eq!((response.status, response.body.as_slice()), (418, "hello".as_bytes()));
        let headers = [("Set-Cookie", "a=1"), ("X-oDD", "\u{e9}"), ("set-cookie", "b=2"), ("Transfer-Encoding", "chunked")];
        assert_eq!(response.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(response.raw_headers, "HTTP/1.1 418 Tea\r\nSet-Cookie: a=1\r\nX-oDD: \u{e9}\r\nset-cookie: b=2\r\nTransfer-Encoding: chunked\r\n\r\n");
        let sent = site.requests().pop().unwrap();
        assert!(sent.starts_with("POST /path%20x?q=a|b HTTP/1.1\r\n") && sent.ends_with("\r\n\r\nbody"), "{sent}");
        for line in ["X-One: 1\r\n", "X-One: 3\r\n", "X-Two: 2\r\n", "User-Agent: VoxEngine/1.0\r\n", "Content-Length: 4\r\n", "Connection: close\r\n"] {
            assert_eq!(sent.matches(line).count(), 1, "{line} in {sent}");
        }
        assert!(
            sent.contains(&format!("Host: {}\r\n", site.listening.address)) && !sent.contains(": 999") && !sent.contains("keep-alive") && !sent.contains("chunked"),
            "{sent}"
        );
    }

    #[tokio::test]
    async fn every_spelling_of_an_address_that_is_not_public_is_refused() {
        let site = hello().await;
        let port = site.listening.port();
        let way_out = way_out(&[], local);
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "017700000001",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "１２７.0.0.1",
            "0",
            "10.0.0.1",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "0xa9fea9fe",
            "100.64.0.1",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[64:ff9b::127.0.0.1]",
            "[2002:7f00:1::]",
            "[fd00:ec2::254]",
            "[fe80::1]",
            "localhost",
            "loopback.example",
        ] {
            let failure = get(&way_out, &format!("http://{host}:{port}/")).await.unwrap_err();
            assert!(matches!(failure, HttpFailure::Refused(_)) && failure.code() == -4, "{host}: {failure}");
        }
        assert!(site.requests().is_empty());
    }

    #[tokio::test]
    async fn a_configured_url_is_exempt_and_where_it_redirects_to_is_not() {
        let site = hello().await;
        let (way_out, target) = (way_out(&[], local), site.url("/"));
        assert_eq!(way_out.request_to_configured(HttpRequest::new("GET", &target)).await.unwrap().body, b"hello");
        let moved = Site::start(move |_| Answer::text(&format!("HTTP/1.1 302 Found\nLocation: {target}\n\n"))).await;
        let failure = way_out.request_to_configured(HttpRequest::new("GET", &moved.url("/"))).await.unwrap_err();
        assert!(matches!(failure, HttpFailure::Refused(_)), "{failure}");
    }

    #[tokio::test]
    async fn an_allowed_address_is_reached_in_every_spelling() {
        let site = hello().await;
        let port = site.listening.port();
        let way_out = way_out(&["127.0.0.1/32"], local);
        for host in ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "name.example"] {
            assert_eq!(get(&way_out, &format!("http://{host}:{port}/")).await.unwrap().body, b"hello", "{host}");
        }
    }

    #[tokio::test]
    async fn a_rebinding_name_is_looked_up_once_and_its_second_answer_judged_again() {
        let lookups = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&lookups);
        // The allowed address plays the public one.
        let way_out = way_out(&["127.0.0.1/32"], move |_| vec![if count.fetch_add(1, Ordering::Relaxed) == 0 { "127.0.0.1" } else { "127.0.0.2" }.parse().unwrap()]);
        let site =
            Site::start(
                |request| {
                    if request.starts_with("GET /again ") { Answer::text("HTTP/1.1 302 Found\nLocation: /\n\n") } else { Answer::text("HTTP/1.1 200 OK\n\nhello") }
                },
            )
            .await;
        let url = |path: &str| format!("http://rebinding.example:{}{path}", site.listening.port());
        assert_eq!(get(&way_out, &url("/")).await.unwrap().status, 200);
        assert_eq!(lookups.load(Ordering::Relaxed), 1);
        lookups.store(0, Ordering::Relaxed);
        let failure = get(&way_out, &url("/again")).await.unwrap_err();
        assert!(matches!(failure, HttpFailure::Refused(_)), "{failure}");
        assert_eq!((lookups.load(Ordering::Relaxed), site.requests().len()), (2, 2));
    }

    #[tokio::test]
    async fn a_redirect_to_a_refused_address_is_refused() {
        let site = Site::start(|request| {
            let location = request.split_whitespace().nth(1).unwrap().trim_start_matches("/?").to_owned();
            Answer::text(&format!("HTTP/1.1 302 Found\nLocation: {location}\nContent-Length: 0\n\n"))
        })
        .await;
        let way_out = way_out(&["127.0.0.1/32"], |name| vec![if name == "inner.example" { "10.0.0.1" } else { "127.0.0.1" }.parse().unwrap()]);
        for (location, code) in [
            ("http://127.0.0.2/", -4),
            ("//[::1]/", -4),
            ("https://0xa9fea9fe/latest/meta-data", -4),
            ("http://inner.example/", -4),
            ("file:///etc/passwd", -5),
            ("gopher://127.0.0.1/", -5),
        ] {
            let failure = get(&way_out, &site.url(&format!("/?{location}"))).await.unwrap_err();
            assert_eq!((failure.code(), matches!(failure, HttpFailure::Refused(_))), (code, code == -4), "{location}: {failure}");
        }
    }

    #[tokio::test]
    async fn ten_redirects_are_followed_and_no_more() {
        let site = Site::start(|request| {
            let left: usize = request.split_whitespace().nth(1).unwrap().trim_start_matches('/').parse().unwrap();
            if left == 0 { Answer::text("HTTP/1.1 200 OK\n\nthere") } else { Answer::text(&format!("HTTP/1.1 307 Go\nLocation: /{}\n\n", left - 1)) }
        })
        .await;
        let way_out = way_out(LOOPBACK, local);
        assert_eq!(get(&way_out, &site.url("/10")).await.unwrap().body, b"there");
        assert_eq!(get(&way_out, &site.url("/11")).await.unwrap_err().code(), -5);
        assert_eq!(site.requests().len(), 11 + 11);
    }

    #[tokio::test]
    async fn a_redirect_to_another_origin_takes_no_proofs_along() {
        let other = hello().await;
        let target = other.url("/there");
        let site = Site::start(move |_| Answer::text(&format!("HTTP/1.1 307 Go\nLocation: {target}\n\n"))).await;
        let mut request = HttpRequest::new("PUT", &site.url("/").replace("://", "://me:pass%20word@"));
        request.headers = [("Cookie", "a"), ("X-Own", "b")].map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        request.body = b"body".to_vec();
        way_out(LOOPBACK, local).request(request).await.unwrap();
        let (first, second) = (site.requests().pop().unwrap(), other.requests().pop().unwrap());
        assert!(first.contains("Authorization: Basic bWU6cGFzcyB3b3Jk\r\n") && first.contains("Cookie: a"), "{first}");
        assert!(!second.contains("Authorization") && !second.contains("Cookie") && !second.contains("Referer"), "{second}");
        assert!(
            second.starts_with("PUT /there ")
                && second.contains("X-Own: b")
                && second.ends_with("body")
                && second.contains(&format!("Host: {}", other.listening.address)),
            "{second}"
        );
    }

    #[tokio::test]
    async fn an_answer_larger_than_asked_for_is_given_up() {
        let way_out = way_out(LOOPBACK, local);
        for head in ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2097153\r\n\r\n"] {
            let site = Site::start(move |_| Answer::Endless(head.as_bytes().to_vec())).await;
            assert_eq!(get(&way_out, &site.url("/")).await.unwrap_err().code(), -9, "{head}");
        }
        let site = Site::start(|_| Answer::Whole([b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b'x'; MAX_RESPONSE_BYTES]].concat())).await;
        assert_eq!(get(&way_out, &site.url("/")).await.unwrap().body.len(), MAX_RESPONSE_BYTES);
    }

    #[tokio::test]
    async fn a_head_without_end_is_given_up() {
        let way_out = way_out(LOOPBACK, local);
        for head in ["HTTP/1.1 200 OK\r\nX-Long: ".to_owned(), format!("HTTP/1.1 200 OK\r\n{}\r\n", "X: y\r\n".repeat(1_000))] {
            let site = Site::start(move |_| Answer::Endless(head.clone().into_bytes())).await;
            assert_eq!(get(&way_out, &site.url("/")).await.unwrap_err().code(), -6);
        }
    }

    #[tokio::test]
    async fn an_answer_that_stalls_is_bounded_by_the_total_time() {
        let way_out = way_out(LOOPBACK, local);
        for head in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"] {
            let site = Site::start(move |_| Answer::Stalled(head.as_bytes().to_vec())).await;
            let mut request = HttpRequest::new("GET", &site.url("/"));
            request.timeout = Duration::from_millis(200);
            assert_eq!(way_out.request(request).await.unwrap_err().code(), -7, "{head}");
        }
    }

    #[tokio::test]
    async fn what_is_no_http_or_breaks_off_is_a_network_failure() {
        let way_out = way_out(LOOPBACK, local);
        for answer in ["", "SSH-2.0-x\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"] {
            let site = Site::start(move |_| Answer::Whole(answer.as_bytes().to_vec())).await;
            assert_eq!(get(&way_out, &site.url("/")).await.unwrap_err().code(), -6, "{answer}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_sent_is_named() {
        let way_out = way_out(LOOPBACK, |_| Vec::new());
        for (url, code, named) in [
            ("no url", -2, "no url"),
            ("ftp://a.example/", -2, "ftp"),
            ("ws://a.example", -2, "ws"),
            ("http://", -2, "http"),
            ("http://1.2.3.4.5/", -2, "1.2.3.4.5"),
            ("http://gone.example/", -3, "gone.example"),
        ] {
            let failure = get(&way_out, url).await.unwrap_err();
            assert!(failure.code() == code && failure.text().contains(named), "{url}: {failure}");
        }
        for (method, name, value, named) in [
            ("GE T", "X", "", "GE T"),
            ("CONNECT", "X", "", "CONNECT"),
            ("", "X", "", "''"),
            ("GET", "X Y", "", "X Y"),
            ("GET", "X\r\nY", "", "X"),
            ("GET", "X-Own", "a\r\nHost: b", "x-own"),
            ("GET", "X-Own", "a\0", "x-own"),
        ] {
            let mut request = HttpRequest::new(method, "http://127.0.0.1:1/");
            request.headers = vec![(name.to_owned(), value.to_owned())];
            let failure = way_out.request(request).await.unwrap_err();
            assert!(failure.code() == -8 && failure.text().contains(named), "{method} {name}: {failure}");
        }
    }

    #[tokio::test]
    async fn nobody_listening_is_a_failure_to_connect() {
        let port = hello().await.listening.port();
        let failure = get(&way_out(LOOPBACK, local), &format!("http://127.9.9.9:{port}/")).await.unwrap_err();
        assert!(failure.code() == -4 && !matches!(failure, HttpFailure::Refused(_)), "{failure}");
    }

    #[tokio::test]
    async fn tls_verifies_the_name_on_the_pinned_address() {
        let ca = Ca::new();
        let site = Site::behind(Some(ca.acceptor("site.example")), |_| Answer::text("HTTP/1.1 200 OK\n\nsecret")).await;
        let url = |host: &str| format!("https://{host}:{}/", site.listening.port());
        let trusting = with(LOOPBACK, local, ca.root(), "");
        assert_eq!(get(&trusting, &url("site.example")).await.unwrap().body, b"secret");
        for host in ["other.example", "127.0.0.1"] {
            assert_eq!(get(&trusting, &url(host)).await.unwrap_err().code(), -4, "{host}");
        }
        assert_eq!(get(&way_out(LOOPBACK, local), &url("site.example")).await.unwrap_err().code(), -4);
        assert_eq!(site.requests().len(), 1);
    }
}
