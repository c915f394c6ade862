use anyhow::{Result, bail};
use url::{Host, Url};

use super::head::percent_decoded;

/// Port of mail submission. RFC 6409 §3.1.
const SUBMISSION: u16 = 587;

/// Port of mail submission with TLS from the start. RFC 8314 §3.3.
pub const SUBMISSIONS: u16 = 465;

/// The operator's mail server.
#[derive(Clone)]
pub struct Relay {
    pub host: Host<String>,
    pub port: u16,
    /// TLS from the start; otherwise STARTTLS where the server offers it.
    pub tls: bool,
    pub login: Option<(String, String)>,
}

impl Relay {
    /// Reads `--smtp-url`. The URL may hold a password, so no error repeats it.
    pub fn parse(text: &str) -> Result<Option<Self>> {
        if text.is_empty() {
            return Ok(None);
        }
        let Some((url, host)) = Url::parse(text).ok().and_then(|url| Some((url.clone(), Host::parse(url.host_str()?).ok()?))) else {
            bail!("--smtp-url must be smtp://user:password@host:port or smtps://…; special characters of user and password are written as %40 and the like");
        };
        let tls = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            _ => bail!("--smtp-url must begin with smtp:// or smtps://"),
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            bail!("--smtp-url ends with host and port");
        }
        let decoded = |text: &str| String::from_utf8(percent_decoded(text));
        let login = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => Some((decoded(user)?, decoded(password)?)),
            _ => bail!("--smtp-url has a user without a password, or the other way round"),
        };
        Ok(Some(Self { host, port: url.port().unwrap_or(if tls { SUBMISSIONS } else { SUBMISSION }), tls, login }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_relay_has_host_port_tls_and_login() {
        for (text, host, port, tls, login) in [
            ("smtp://mail.example", "mail.example", 587, false, None),
            ("smtps://mail.example", "mail.example", 465, true, None),
            ("smtp://127.0.0.1:25", "127.0.0.1", 25, false, None),
            ("smtp://[::1]:25/", "[::1]", 25, false, None),
            ("smtp://me%40example.org:p%3A%2F@mail.example:2525", "mail.example", 2525, false, Some(("me@example.org".to_owned(), "p:/".to_owned()))),
        ] {
            let relay = Relay::parse(text).unwrap().unwrap();
            assert_eq!((relay.host.to_string().as_str(), relay.port, relay.tls, relay.login), (host, port, tls, login), "{text}");
        }
        assert!(Relay::parse("").unwrap().is_none());
    }

    #[test]
    fn a_wrong_relay_is_refused_without_its_password() {
        for text in [
            "mail.example",
            "http://u:secret@h",
            "smtp://u:secret@",
            "smtp://u@h",
            "smtp://:secret@h",
            "smtp://u:secret@h/path",
            "smtp://u:secret@h?tls",
            "smtp://u:sec/ret@h:1",
        ] {
            let error = Relay::parse(text).err().unwrap().to_string();
            assert!(error.contains("--smtp-url") && !error.contains("sec"), "{text}: {error}");
        }
    }
}
