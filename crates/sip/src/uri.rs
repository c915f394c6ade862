//! SIP URIs (RFC 3261 §19.1).

/// `sip:`, `sips:` or another scheme's URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// Lower case.
    pub scheme: String,
    /// Unescaped; of another scheme than SIP's, everything after the colon.
    pub user: Option<String>,
    pub password: Option<String>,
    /// Lower case; an IPv6 address without its brackets.
    pub host: String,
    pub port: Option<u16>,
    /// Names in lower case.
    pub params: Vec<(String, Option<String>)>,
    pub headers: Vec<(String, String)>,
}
