//! The wall clock; everything behind it takes the time as an argument.

use cordboard_api::wire::Utc;

#[allow(clippy::disallowed_methods)] // The one place that reads the clock.
pub fn now() -> Utc {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Utc(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// The same moment for certificates.
pub fn calendar() -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(now().0.div_euclid(1_000)).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
}

/// Time that passed since the program began.
pub fn monotonic() -> std::time::Duration {
    began().elapsed()
}

/// The moment that `monotonic` counts from.
#[allow(clippy::disallowed_methods)] // The one place that reads this clock.
pub fn began() -> std::time::Instant {
    static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    *BEGAN.get_or_init(std::time::Instant::now)
}
