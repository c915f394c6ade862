use std::fmt;

/// Why a request or a WebSocket came to nothing. Each has a sentence for the scenario's author, without addresses of the operator's network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpFailure {
    /// -2: the URL cannot be read or has another scheme.
    BadUrl(String),
    /// -3: the name has no address.
    HostNotFound(String),
    /// -4: no connection within its time, or no TLS.
    Connect(String),
    /// -4 for scenarios, which know no code for it: every address of the name is outside what may be reached.
    Refused(String),
    /// -5: too many redirects, or one that cannot be followed.
    Redirect(String),
    /// -6: the connection broke or what came is no HTTP.
    Network(String),
    /// -7: the total time is over.
    Timeout(String),
    /// -8: the request cannot be sent as it is, or something failed on this side.
    Internal(String),
    /// -9: the answer is larger than asked for.
    TooLarge(String),
}

impl HttpFailure {
    /// The code of a scenario's result (`Net.HttpRequestResult.code`).
    pub fn code(&self) -> i32 {
        match self {
            Self::BadUrl(_) => -2,
            Self::HostNotFound(_) => -3,
            Self::Connect(_) | Self::Refused(_) => -4,
            Self::Redirect(_) => -5,
            Self::Network(_) => -6,
            Self::Timeout(_) => -7,
            Self::Internal(_) => -8,
            Self::TooLarge(_) => -9,
        }
    }

    pub fn text(&self) -> &str {
        match self {
            Self::BadUrl(text)
            | Self::HostNotFound(text)
            | Self::Connect(text)
            | Self::Refused(text)
            | Self::Redirect(text)
            | Self::Network(text)
            | Self::Timeout(text)
            | Self::Internal(text)
            | Self::TooLarge(text) => text,
        }
    }
}

impl fmt::Display for HttpFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for HttpFailure {}
