//! Nets over the whole crate: the standards' torture messages, round trips, and parsers that never panic.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod fuzz;
mod round_trips;
mod torture;
