use std::{fmt, net::SocketAddr, pin::Pin, task::Poll, time::Duration};

use lettre::{
    Message,
    message::{Mailbox, Mailboxes, MultiPart, SinglePart, header},
    transport::smtp::{
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, CertificateStore, TlsParameters},
        extension::ClientId,
    },
};
use tokio::{
    io::{AsyncBufRead, AsyncRead, AsyncWrite, BufReader, ReadBuf},
    time::timeout,
};
use url::Host;

use super::{
    HttpFailure, WayOut,
    dial::{Chosen, Stream},
    http::CONNECT_TIMEOUT,
    relay::{Relay, SUBMISSIONS},
};

/// Time of a mail at most, as long as a request's.
pub const TIMEOUT: Duration = Duration::from_secs(90);

/// Recipients of a mail at most; every server takes as many. RFC 5321 §4.5.3.1.8.
const RECIPIENTS: usize = 100;

/// Bytes of text and HTML together at most; larger mails are refused by many servers.
const BODY_BYTES: usize = 10 * 1024 * 1024;

/// Bytes that a mail server may say in all, its certificates included. The mail library bounds a line only after it has read it.
const SAID_BYTES: usize = 32 * 1024;

/// Where a server listens for mail. RFC 5321 §4.5.4.2.
const SMTP: u16 = 25;

/// A mail as an author wrote it. Addresses are `a@b.example` or `Name <a@b.example>`; `to`, `cc` and `bcc` may also hold lists with commas.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Host or IP address, as are the port and the login unused where the operator has set a relay.
    pub server: String,
    /// 25 where absent; 465 begins with TLS, others upgrade where the server offers it.
    pub port: Option<u16>,
    /// Empty for none.
    pub login: String,
    pub password: String,
    pub from: String,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub bcc: Vec<String>,
    pub subject: String,
    pub text: String,
    /// Shown instead of the text by readers that can; empty for none.
    pub html: String,
    /// For everything; lowers `TIMEOUT`, never raises it.
    pub timeout: Duration,
}

/// Why a mail was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailFailure {
    /// The server's reply code (421, 535, 550, …), or below zero: -2 what was written is no mail, -3, -4, -6, -7 and -8 those of `HttpFailure`.
    pub code: i32,
    pub text: String,
}

impl fmt::Display for MailFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for MailFailure {}

impl From<HttpFailure> for MailFailure {
    fn from(failure: HttpFailure) -> Self {
        Self { code: failure.code(), text: failure.text().to_owned() }
    }
}

impl From<lettre::transport::smtp::Error> for MailFailure {
    fn from(error: lettre::transport::smtp::Error) -> Self {
        let code = match error.status() {
            Some(code) => i32::from(u16::from(code)),
            None if error.is_tls() => -4,
            None if error.is_client() => -8,
            None => -6,
        };
        Self { code, text: format!("the mail server: {error}") }
    }
}

impl WayOut {
    /// Hands a mail to the operator's relay, or where there is none to the guarded server that the author names.
    pub async fn send(&self, mail: Mail) -> Result<(), MailFailure> {
        let message = message(&mail, &self.0.domain)?;
        let (server, chosen) = match &self.0.relay {
            Some(relay) => (relay.clone(), Chosen::ByOperator),
            None => (named(&mail)?, Chosen::ByAuthor),
        };
        let within = mail.timeout.min(TIMEOUT);
        let late = MailFailure { code: -7, text: format!("the mail server took longer than {} s", within.as_secs_f64()) };
        timeout(within, self.deliver(&server, chosen, &message)).await.unwrap_or(Err(late))
    }

    async fn deliver(&self, server: &Relay, chosen: Chosen, message: &Message) -> Result<(), MailFailure> {
        let hello = ClientId::Domain(self.0.domain.clone());
        let host = match &server.host {
            Host::Domain(name) => Host::Domain(name.as_str()),
            Host::Ipv4(address) => Host::Ipv4(*address),
            Host::Ipv6(address) => Host::Ipv6(*address),
        };
        let stream = self.dial(&host, server.port, server.tls.then_some(&self.0.trust.plain), chosen, CONNECT_TIMEOUT).await?;
        let mut connection = AsyncSmtpConnection::connect_with_transport(Box::new(Lines { stream: BufReader::new(stream), left: SAID_BYTES }), &hello).await?;
        if !server.tls && connection.can_starttls() {
            let upgraded = connection.starttls(self.tls_parameters(&server.host)?, &hello).await;
            // The library calls a certificate that is not believed a failure of the connection.
            upgraded.map_err(MailFailure::from).map_err(|failure| if failure.code == -6 { MailFailure { code: -4, ..failure } } else { failure })?;
        }
        if let Some((user, password)) = &server.login {
            let login = Credentials::new(user.clone(), password.clone());
            connection.auth(&[Mechanism::Plain, Mechanism::Login], &login).await?;
        }
        connection.send(message.envelope(), &message.formatted()).await?;
        // The mail is taken; how the goodbye ends changes nothing.
        let _ = connection.quit().await;
        Ok(())
    }

    fn tls_parameters(&self, host: &Host<String>) -> Result<TlsParameters, MailFailure> {
        let name = match host {
            Host::Domain(name) => name.trim_end_matches('.').to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let mut builder = TlsParameters::builder(name).certificate_store(CertificateStore::WebpkiRoots);
        for certificate in &self.0.trust.extra {
            builder = builder.add_root_certificate(Certificate::from_der(certificate.to_vec())?);
        }
        Ok(builder.build_rustls()?)
    }
}

/// The server that the author names.
fn named(mail: &Mail) -> Result<Relay, MailFailure> {
    let server = mail.server.trim();
    let bare = server.trim_start_matches('[').trim_end_matches(']');
    let host = bare.parse().map(Host::Ipv6).or_else(|_| Host::parse(server)).map_err(|error| wrong("server", server, &error))?;
    let port = mail.port.unwrap_or(SMTP);
    let login = (!mail.login.is_empty()).then(|| (mail.login.clone(), mail.password.clone()));
    Ok(Relay { host, port, tls: port == SUBMISSIONS, login })
}

fn wrong(field: &str, value: &str, error: &dyn fmt::Display) -> MailFailure {
    MailFailure { code: -2, text: format!("{field}: '{}' cannot be used: {error}", value.escape_debug()) }
}

fn message(mail: &Mail, domain: &str) -> Result<Message, MailFailure> {
    let refused = |text: String| MailFailure { code: -2, text };
    let bytes = mail.text.len() + mail.html.len();
    if bytes > BODY_BYTES {
        return Err(refused(format!("the text and HTML of {bytes} bytes are larger than {BODY_BYTES}")));
    }
    let (to, cc, bcc) = (mailboxes("to", &mail.to)?, mailboxes("cc", &mail.cc)?, mailboxes("bcc", &mail.bcc)?);
    let recipients = to.len() + cc.len() + bcc.len();
    if recipients == 0 || recipients > RECIPIENTS {
        return Err(refused(format!("to, cc, bcc: a mail has 1 to {RECIPIENTS} recipients, not {recipients}")));
    }
    let from: Mailbox = mail.from.trim().parse().map_err(|error| wrong("from", &mail.from, &error))?;
    // Encoded, a line break would harm no header, but readers would show it.
    let subject = mail.subject.replace(char::is_control, " ");
    let chance = cordboard_api::secrets::random::<16>().map_err(|_| MailFailure { code: -8, text: "no randomness for the message's id".to_owned() })?;
    let mut builder = Message::builder().message_id(Some(format!("<{}@{domain}>", cordboard_api::password::hex(&chance)))).date_now().from(from).subject(subject);
    if !to.is_empty() {
        builder = builder.mailbox(header::To::from(Mailboxes::from_iter(to)));
    }
    if !cc.is_empty() {
        builder = builder.mailbox(header::Cc::from(Mailboxes::from_iter(cc)));
    }
    if !bcc.is_empty() {
        // The envelope is made from this header, which then is left out of the message.
        builder = builder.mailbox(header::Bcc::from(Mailboxes::from_iter(bcc)));
    }
    let built = match (mail.text.as_str(), mail.html.as_str()) {
        (text, "") => builder.singlepart(SinglePart::plain(text.to_owned())),
        ("", html) => builder.singlepart(SinglePart::html(html.to_owned())),
        (text, html) => builder.multipart(MultiPart::alternative_plain_html(text.to_owned(), html.to_owned())),
    };
    built.map_err(|error| refused(format!("the mail cannot be written: {error}")))
}

fn mailboxes(field: &str, texts: &[String]) -> Result<Vec<Mailbox>, MailFailure> {
    let mut all = Vec::new();
    for text in texts.iter().filter(|text| !text.trim().is_empty()) {
        all.extend(text.trim().parse::<Mailboxes>().map_err(|error| wrong(field, text, &error))?);
    }
    Ok(all)
}

/// Hands over one line per read, and `SAID_BYTES` in all. What a stranger on the way adds behind the answer to STARTTLS then meets the TLS
/// handshake, which fails, and not the buffer of the mail library, which would take it for the server's first words under TLS.
#[derive(Debug)]
struct Lines {
    stream: BufReader<Stream>,
    left: usize,
}

impl AsyncRead for Lines {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let left = self.left;
        let Poll::Ready(available) = Pin::new(&mut self.stream).poll_fill_buf(cx)? else { return Poll::Pending };
        let line = available.iter().position(|byte| *byte == b'\n').map_or(available.len(), |end| end + 1).min(buffer.remaining());
        if line > left {
            return Poll::Ready(Err(std::io::Error::other(format!("it says more than {SAID_BYTES} bytes"))));
        }
        buffer.put_slice(available.get(..line).unwrap_or_default());
        Pin::new(&mut self.stream).consume(line);
        self.left -= line;
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Lines {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl AsyncTokioStream for Lines {
    fn peer_addr(&self) -> std::io::Result<SocketAddr> {
        self.stream.get_ref().tcp().peer_addr()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::{Arc, Mutex};

    use base64::{Engine, prelude::BASE64_STANDARD};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt};
    use tokio_rustls::TlsAcceptor;

    use super::{
        super::testing::{Ca, LOOPBACK, Listening, Wire, local, way_out, with},
        *,
    };

    /// How a mail server of a test behaves.
    #[derive(Clone, Default)]
    struct Manner {
        offers: &'static [&'static str],
        starttls: Option<TlsAcceptor>,
        /// What follows the answer to STARTTLS in the clear.
        injected: &'static str,
        /// A command's beginning and the reply to it.
        reply: Option<(&'static str, &'static str)>,
    }

    /// A mail server and what it was told: commands line by line, a mail as one entry.
    struct Post {
        listening: Listening,
        told: Arc<Mutex<Vec<String>>>,
    }

    impl Post {
        async fn start(manner: Manner) -> Self {
            Self::behind(None, manner).await
        }

        async fn behind(tls: Option<TlsAcceptor>, manner: Manner) -> Self {
            let told = Arc::new(Mutex::new(Vec::new()));
            let kept = Arc::clone(&told);
            let listening = Listening::start(tls, move |wire| talk(wire, manner.clone(), Arc::clone(&kept))).await;
            Self { listening, told }
        }

        fn told(&self) -> Vec<String> {
            self.told.lock().unwrap().clone()
        }
    }

    async fn talk(wire: Box<dyn Wire>, manner: Manner, told: Arc<Mutex<Vec<String>>>) {
        let mut wire = BufReader::new(wire);
        wire.write_all(b"220 post.example\r\n").await.unwrap();
        loop {
            let mut line = String::new();
            // A client that fails hangs up.
            if wire.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            told.lock().unwrap().push(line.trim_end().to_owned());
            let reply = match (manner.reply, line.split_whitespace().next().unwrap()) {
                (Some((beginning, reply)), _) if line.starts_with(beginning) => reply.to_owned(),
                (_, "EHLO") => manner.offers.iter().fold("250-post.example\r\n".to_owned(), |reply, offer| reply + "250-" + offer + "\r\n") + "250 8BITMIME\r\n",
                (_, "STARTTLS") => {
                    wire.write_all(format!("220 go\r\n{}", manner.injected).as_bytes()).await.unwrap();
                    let Ok(stream) = manner.starttls.as_ref().unwrap().accept(wire.into_inner()).await else {
                        told.lock().unwrap().push("no TLS".to_owned());
                        return;
                    };
                    wire = BufReader::new(Box::new(stream));
                    continue;
                }
                (_, "AUTH") => "235 welcome\r\n".to_owned(),
                (_, "DATA") => {
                    wire.write_all(b"354 go\r\n").await.unwrap();
                    let mut mail = String::new();
                    while !mail.ends_with("\r\n.\r\n") {
                        assert_ne!(wire.read_line(&mut mail).await.unwrap(), 0);
                    }
                    told.lock().unwrap().push(mail);
                    "250 taken\r\n".to_owned()
                }
                _ => "250 good\r\n".to_owned(),
            };
            wire.write_all(reply.as_bytes()).await.unwrap();
        }
    }

    fn mail(server: &str, port: u16) -> Mail {
        Mail {
            server: server.to_owned(),
            port: Some(port),
            login: String::new(),
            password: String::new(),
            from: "Me <me@a.example>".to_owned(),
            to: vec!["you@b.example".to_owned()],
            cc: Vec::new(),
            bcc: Vec::new(),
            subject: "Subject".to_owned(),
            text: "text".to_owned(),
            html: String::new(),
            timeout: TIMEOUT,
        }
    }

    #[tokio::test]
    async fn a_mail_reaches_everybody_and_hides_blind_copies() {
        let post = Post::start(Manner { offers: &["AUTH PLAIN LOGIN"], ..Manner::default() }).await;
        let mut mail = mail("post.example", post.listening.port());
        (mail.login, mail.password) = ("user".to_owned(), "pass".to_owned());
        mail.to = vec!["you@b.example, Two <two@b.example>".to_owned(), "three@b.example".to_owned()];
        (mail.cc, mail.bcc) = (vec!["copy@b.example".to_owned()], vec!["blind@b.example".to_owned(), String::new()]);
        (mail.subject, mail.text, mail.html) = ("Gr\u{fc}\u{df}e".to_owned(), "plain\n.\nafter a dot".to_owned(), "<b>rich</b>".to_owned());
        way_out(LOOPBACK, local).send(mail).await.unwrap();
        let told = post.told();
        let commands: Vec<&str> = told.iter().map(String::as_str).filter(|line| !line.contains('\n')).collect();
        let login = format!("AUTH PLAIN {}", BASE64_STANDARD.encode("\0user\0pass"));
        assert_eq!(commands[..2], ["EHLO cordboard.example", login.as_str()]);
        let recipients: Vec<&str> = commands.iter().filter_map(|line| line.strip_prefix("RCPT TO:")).collect();
        assert_eq!(recipients, ["<you@b.example>", "<two@b.example>", "<three@b.example>", "<copy@b.example>", "<blind@b.example>"]);
        assert!(commands.contains(&"MAIL FROM:<me@a.example>"), "{commands:?}");
        let written = told.iter().find(|line| line.contains('\n')).unwrap();
        for part in [
            "From: Me <me@a.example>",
            "Subject: =?utf-8?b?R3LDvMOfZQ==?=",
            "Cc: copy@b.example",
            "multipart/alternative",
            "plain",
            "after a dot",
            "<b>rich</b>",
            "@cordboard.example>",
            "Date: ",
        ] {
            assert!(written.contains(part), "{part} in {written}");
        }
        assert!(!written.contains("blind") && written.contains("plain\r\n..\r\nafter a dot"), "{written}");
    }

    #[tokio::test]
    async fn starttls_is_taken_and_the_name_verified() {
        let ca = Ca::new();
        let post = Post::start(Manner { offers: &["STARTTLS", "AUTH PLAIN"], starttls: Some(ca.acceptor("post.example")), ..Manner::default() }).await;
        let trusting = with(LOOPBACK, local, ca.root(), "");
        let mut mail = mail("post.example", post.listening.port());
        mail.login = "user".to_owned();
        trusting.send(mail.clone()).await.unwrap();
        let told = post.told();
        assert_eq!(told[..3], ["EHLO cordboard.example", "STARTTLS", "EHLO cordboard.example"]);
        assert!(told[3].starts_with("AUTH PLAIN ") && told.iter().any(|line| line.contains("\r\n\r\ntext\r\n")), "{told:?}");

        mail.server = "other.example".to_owned();
        assert_eq!(trusting.send(mail.clone()).await.unwrap_err().code, -4);
        mail.server = "post.example".to_owned();
        assert_eq!(way_out(LOOPBACK, local).send(mail).await.unwrap_err().code, -4);
        assert_eq!(post.told().iter().filter(|line| line.starts_with("AUTH")).count(), 1);
    }

    #[tokio::test]
    async fn words_slipped_in_before_tls_are_not_believed() {
        let ca = Ca::new();
        let post =
            Post::start(Manner { offers: &["STARTTLS"], starttls: Some(ca.acceptor("post.example")), injected: "250-evil\r\n250 AUTH PLAIN\r\n", ..Manner::default() })
                .await;
        let failure = with(LOOPBACK, local, ca.root(), "").send(mail("post.example", post.listening.port())).await.unwrap_err();
        assert!(matches!(failure.code, -4 | -6), "{failure}");
        assert!(!post.told().iter().any(|line| line.starts_with("MAIL")), "{:?}", post.told());
    }

    #[tokio::test]
    async fn the_operators_relay_takes_all_mail_with_its_own_login() {
        let ca = Ca::new();
        let post = Post::behind(Some(ca.acceptor("relay.example")), Manner { offers: &["AUTH LOGIN PLAIN", "STARTTLS"], ..Manner::default() }).await;
        let relay = format!("smtps://relay%40a:own@relay.example:{}", post.listening.port());
        let mut mail = mail("10.0.0.1", 25);
        mail.login = "scenario".to_owned();
        with(&[], local, ca.root(), &relay).send(mail).await.unwrap();
        assert_eq!(post.told()[1], format!("AUTH PLAIN {}", BASE64_STANDARD.encode("\0relay@a\0own")));
    }

    #[tokio::test]
    async fn a_server_that_is_not_public_is_refused() {
        let post = Post::start(Manner::default()).await;
        let guarded = way_out(&[], local);
        for server in ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "::1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "post.example"] {
            let failure = guarded.send(mail(server, post.listening.port())).await.unwrap_err();
            assert!(failure.code == -4 && failure.text.contains("way_out_allow"), "{server}: {failure}");
        }
        assert!(post.told().is_empty());
    }

    #[tokio::test]
    async fn a_refusal_of_the_server_has_its_code_and_words() {
        for (command, reply, code) in [
            ("RCPT", "550 no such user\r\n", 550),
            ("AUTH", "535 wrong password\r\n", 535),
            ("MAIL", "451 later\r\n", 451),
            ("EHLO", "421 busy\r\n", 421),
            ("MAIL", "nonsense\r\n", -6),
        ] {
            let post = Post::start(Manner { offers: &["AUTH PLAIN"], reply: Some((command, reply)), ..Manner::default() }).await;
            let mut mail = mail("post.example", post.listening.port());
            mail.login = "user".to_owned();
            let failure = way_out(LOOPBACK, local).send(mail).await.unwrap_err();
            assert!(failure.code == code && (code < 0 || failure.text.contains(reply[4..].trim_end())), "{failure}");
        }
    }

    #[tokio::test]
    async fn a_server_that_stalls_or_never_ends_is_given_up() {
        let silent = Listening::start(None, |wire| async move {
            let _wire = wire;
            std::future::pending().await
        })
        .await;
        let mut stalled = mail("post.example", silent.port());
        stalled.timeout = Duration::from_millis(200);
        assert_eq!(way_out(LOOPBACK, local).send(stalled).await.unwrap_err().code, -7);
        for chatter in ["220-and so on\r\n", "x"] {
            let endless = Listening::start(None, move |mut wire| async move { while wire.write_all(chatter.repeat(1_000).as_bytes()).await.is_ok() {} }).await;
            assert_eq!(way_out(LOOPBACK, local).send(mail("post.example", endless.port())).await.unwrap_err().code, -6, "{chatter}");
        }
    }

    #[test]
    fn no_field_adds_a_header_or_a_command() {
        let evil = "x\r\nBcc: evil@c.example\r\n\r\nbody";
        let mut fields = vec![mail("", 25); 3];
        fields[0].subject = evil.to_owned();
        fields[1].from = format!("\"{evil}\" <me@a.example>");
        fields[2].to = vec![format!("\"{evil}\" <you@b.example>")];
        for mail in fields {
            if let Ok(message) = message(&mail, "a.example") {
                let written = String::from_utf8(message.formatted()).unwrap();
                let (head, body) = written.split_once("\r\n\r\n").unwrap();
                assert!(!head.lines().any(|line| line.starts_with("Bcc")) && body.trim_end() == "text", "{written}");
                assert_eq!(message.envelope().to().len(), 1);
            }
        }
        for address in [
            "you@b.example\r\nDATA",
            "you\r\n@b.example",
            "<you@b.example>\r\nBcc: evil@c.example",
            "\"a\r\nb\"@b.example",
            "you@b.example> SIZE=1",
            "you@[127.0.0.1\r\nDATA]",
        ] {
            let mut mail = mail("", 25);
            mail.to = vec![address.to_owned()];
            let failure = message(&mail, "a.example").unwrap_err();
            assert!(failure.code == -2 && failure.text.starts_with("to: "), "{address}: {failure}");
        }
    }

    #[test]
    fn what_is_no_mail_is_refused_by_field() {
        let changed = |change: fn(&mut Mail)| {
            let mut mail = mail("", 25);
            change(&mut mail);
            message(&mail, "a.example").unwrap_err()
        };
        for (failure, named) in [
            (changed(|mail| mail.from = "nobody".to_owned()), "from: 'nobody'"),
            (changed(|mail| mail.from = String::new()), "from: ''"),
            (changed(|mail| mail.cc = vec!["a@b, c".to_owned()]), "cc: 'a@b, c'"),
            (changed(|mail| mail.bcc = vec!["@b.example".to_owned()]), "bcc: '@b.example'"),
            (changed(|mail| mail.to = Vec::new()), "recipients, not 0"),
            (changed(|mail| mail.to = vec!["a@b.example".to_owned(); 101]), "recipients, not 101"),
            (changed(|mail| mail.html = "x".repeat(BODY_BYTES)), "larger than"),
        ] {
            assert!(failure.code == -2 && failure.text.contains(named), "{failure}");
        }
        for server in ["", "a b", "1.2.3.4.5", "a/b"] {
            assert!(named(&mail(server, 25)).err().unwrap().text.starts_with("server: "), "{server}");
        }
    }
}
