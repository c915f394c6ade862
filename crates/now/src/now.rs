use serde::{Deserialize, Serialize};

/// Milliseconds of a clock that never goes back; only differences mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant(pub u64);

impl Instant {
    /// This moment plus milliseconds.
    pub fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }
}

/// The present moment: how much time passed, and what the calendar says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    pub monotonic: Instant,
    /// Milliseconds since 1970, UTC.
    pub utc_ms: i64,
}
