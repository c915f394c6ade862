//! Nets over the whole crate.

#![allow(clippy::unwrap_used, reason = "a net that cannot be cast fails")]

mod torture;
