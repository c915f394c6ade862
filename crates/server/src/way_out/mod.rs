//! The one way out: every connection that a scenario's author causes is made here, and only to addresses that the guard permits.
//!
//! A name is resolved once per connection, its addresses are judged, and the connection goes to a judged address, so a name whose
//! answers change gains nothing. Redirects go through the same door again. No proxy variables, cookies or referers are used, and
//! connections are not shared: what one tenant's request leaves behind, another's never meets.

mod dial;
mod failure;
mod guard;
mod head;
mod http;
mod mail;
mod redirect;
mod relay;
mod resolve;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub mod testing;
mod trust;
mod websocket;

use std::sync::Arc;

use anyhow::Result;

pub use self::{
    failure::HttpFailure,
    http::HttpRequest,
    mail::Mail,
    websocket::{WsConnection, WsReceived, WsRequest, WsToSend},
};
use self::{guard::Guard, relay::Relay, resolve::Resolver, trust::Trust};
use crate::settings::Settings;

/// The guarded client. Clones are cheap and share settings alone.
#[derive(Clone)]
pub struct WayOut(Arc<Inner>);

struct Inner {
    guard: Guard,
    resolver: Resolver,
    trust: Trust,
    relay: Option<Relay>,
    /// The name that mail servers are greeted with and message ids end in.
    domain: String,
}

impl WayOut {
    /// Reads the file of `--way-out-ca` and the URL of `--smtp-url`; an error names the setting.
    pub fn open(settings: &Settings) -> Result<Self> {
        Ok(Self(Arc::new(Inner {
            guard: Guard::new(&settings.way_out_allow),
            resolver: Resolver::system(),
            trust: Trust::open(settings.way_out_ca.as_deref())?,
            relay: Relay::parse(&settings.smtp_url)?,
            domain: settings.domain.clone(),
        })))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use clap::Parser;

    use super::{
        testing::{Answer, Site},
        *,
    };

    #[derive(Parser)]
    struct Only {
        #[command(flatten)]
        settings: Settings,
    }

    fn opened(arguments: &[&str]) -> Result<WayOut> {
        WayOut::open(&Only::try_parse_from(["serve"].iter().chain(arguments)).unwrap().settings)
    }

    #[tokio::test]
    async fn the_systems_names_are_guarded_by_the_settings() {
        let site = Site::start(|_| Answer::text("HTTP/1.1 200 OK\n\nhello")).await;
        let request = HttpRequest::new("GET", &format!("http://localhost:{}/", site.listening.port()));
        assert!(matches!(opened(&[]).unwrap().request(request.clone()).await, Err(HttpFailure::Refused(_))));
        assert_eq!(opened(&["--way-out-allow", "127.0.0.0/8"]).unwrap().request(request).await.unwrap().body, b"hello");
    }

    #[test]
    fn a_wrong_setting_is_named() {
        for (arguments, named) in [(["--way-out-ca", "/nowhere.pem"], "--way-out-ca"), (["--smtp-url", "mail.example"], "--smtp-url")] {
            assert!(format!("{:#}", opened(&arguments).err().unwrap()).contains(named));
        }
    }
}
