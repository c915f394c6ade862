//! Small servers on loopback that answer what a test says, and a way out that may reach them.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpListener,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

use super::{Inner, WayOut, guard::Guard, relay::Relay, resolve::Resolver, trust::Trust};

/// Loopback, which the guard permits only where a test allows it.
pub const LOOPBACK: &[&str] = &["127.0.0.0/8"];

pub fn local(_: &str) -> Vec<IpAddr> {
    vec!["127.0.0.1".parse().unwrap()]
}

pub fn way_out(allow: &[&str], names: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static) -> WayOut {
    with(allow, names, Vec::new(), "")
}

pub fn with(allow: &[&str], names: impl Fn(&str) -> Vec<IpAddr> + Send + Sync + 'static, roots: Vec<CertificateDer<'static>>, relay: &str) -> WayOut {
    WayOut(Arc::new(Inner {
        guard: Guard::new(&allow.iter().map(|net| net.parse().unwrap()).collect::<Vec<_>>()),
        resolver: Resolver::Fixed(Box::new(names)),
        trust: Trust::new(roots).unwrap(),
        relay: Relay::parse(relay).unwrap(),
        domain: "cordboard.example".to_owned(),
    }))
}

/// A certificate authority that only a test trusts.
pub struct Ca(CertifiedIssuer<'static, KeyPair>);

impl Ca {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    pub fn root(&self) -> Vec<CertificateDer<'static>> {
        vec![self.0.der().clone()]
    }

    pub fn acceptor(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &self.0).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}

pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// A listener on 127.0.0.1 whose connections go to `serve`, behind TLS where there is an acceptor. It ends with the value.
pub struct Listening {
    pub address: SocketAddr,
    _tasks: JoinSet<()>,
}

impl Listening {
    pub async fn start<F: Future<Output = ()> + Send + 'static>(tls: Option<TlsAcceptor>, serve: impl Fn(Box<dyn Wire>) -> F + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let serve = Arc::new(serve);
            let mut connections = JoinSet::new();
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                let (tls, serve) = (tls.clone(), Arc::clone(&serve));
                connections.spawn(async move {
                    match tls {
                        None => serve(Box::new(tcp)).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(tcp).await {
                                serve(Box::new(stream)).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, _tasks: tasks }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

/// What a site answers, and what it does then.
pub enum Answer {
    Whole(Vec<u8>),
    /// Leaves the connection open and says no more.
    Stalled(Vec<u8>),
    /// Goes on for as long as somebody reads.
    Endless(Vec<u8>),
}

impl Answer {
    pub fn text(text: &str) -> Self {
        Self::Whole(text.replace('\n', "\r\n").into_bytes())
    }
}

/// An HTTP server that keeps the requests it got.
pub struct Site {
    pub listening: Listening,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Site {
    pub async fn start(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        Self::behind(None, answer).await
    }

    pub async fn behind(tls: Option<TlsAcceptor>, answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&requests);
        let answer = Arc::new(answer);
        let serve = move |wire: Box<dyn Wire>| {
            let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
            async move {
                let mut wire = BufReader::new(wire);
                let request = read_request(&mut wire).await;
                kept.lock().unwrap().push(request.clone());
                // The other side hangs up where the test is about that.
                let _ = match answer(&request) {
                    Answer::Whole(bytes) => wire.write_all(&bytes).await,
                    Answer::Stalled(bytes) => {
                        wire.write_all(&bytes).await.unwrap();
                        std::future::pending().await
                    }
                    Answer::Endless(bytes) => {
                        wire.write_all(&bytes).await.unwrap();
                        while wire.write_all(&[b'x'; 4096]).await.is_ok() {}
                        Ok(())
                    }
                };
                let _ = wire.shutdown().await;
            }
        };
        Self { listening: Listening::start(tls, serve).await, requests }
    }

    pub fn url(&self, rest: &str) -> String {
        format!("http://{}{rest}", self.listening.address)
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn read_request(wire: &mut BufReader<Box<dyn Wire>>) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if wire.read_line(&mut head).await.unwrap() == 0 {
            return head;
        }
    }
    let length = head.to_ascii_lowercase().split("content-length: ").nth(1).map_or(0, |rest| rest.lines().next().unwrap().parse().unwrap());
    let mut body = vec![0; length];
    wire.read_exact(&mut body).await.unwrap();
    head + &String::from_utf8(body).unwrap()
}
