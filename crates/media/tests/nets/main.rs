//! Nets over the whole of the crate.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a test fails by a panic; the library for DTLS wants an Instant to begin with"
)]

mod fuzz;
