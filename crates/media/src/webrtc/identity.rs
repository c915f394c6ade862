//! What all peers of a process share: the certificate, and how our time is said to the DTLS library.

use std::{sync::Arc, time::Duration};

use cordboard_now::Instant;
use dimpl::{Config, DtlsCertificate};

/// The library's clock; it only adds to it and compares.
#[allow(clippy::disallowed_types, reason = "dimpl takes it; it is only ever the base plus our own milliseconds")]
type Clock = std::time::Instant;

/// RFC 9147 §5.1 and path MTUs of tunnels; the library's own default.
const MTU_BYTES: usize = 1_150;
/// The first retransmission. A browser begins with 50 ms; RFC 9147 §5.8.1 lets real-time uses go below a second.
const FIRST_RETRY_MS: u64 = 200;
/// With doubling, the last one after some 13 s.
const RETRIES: usize = 6;
/// From the first packet of a handshake on.
const HANDSHAKE_MS: u64 = 20_000;

/// Made once by the shell; a peer keeps an `Arc` of it.
pub struct Identity {
    pub(super) certificate: DtlsCertificate,
    pub(super) config: Arc<Config>,
    fingerprint: String,
    base: Clock,
}

impl Identity {
    /// A fresh certificate, whose key is never written. `base` is any moment before the first that a peer is told; the shell
    /// takes the one at which its own count of milliseconds began.
    ///
    /// # Errors
    /// The library could not make a certificate.
    pub fn new(base: Clock) -> Result<Self, String> {
        let certificate = dimpl::certificate::generate_self_signed_certificate().map_err(|error| error.to_string())?;
        let config = Config::builder()
            .mtu(MTU_BYTES)
            .flight_start_rto(Duration::from_millis(FIRST_RETRY_MS))
            .flight_retries(RETRIES)
            .handshake_timeout(Duration::from_millis(HANDSHAKE_MS))
            // ICE proved the address already; the cookie would cost a turn.
            .use_server_cookie(false)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { fingerprint: format!("sha-256 {}", certificate.fingerprint_str()), certificate, config: Arc::new(config), base })
    }

    /// The value of `a=fingerprint`: `sha-256 12:AB:…`.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(super) fn clock(&self, now: Instant) -> Clock {
        self.base.checked_add(Duration::from_millis(now.0)).unwrap_or(self.base)
    }

    /// The first of our milliseconds that is not before this moment.
    pub(super) fn instant(&self, at: Clock) -> Instant {
        let ms = at.saturating_duration_since(self.base).as_nanos().div_ceil(1_000_000);
        Instant(u64::try_from(ms).unwrap_or(u64::MAX))
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}
