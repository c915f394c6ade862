//! Time and chance as the pure crates are given them: as arguments.

mod chance;
mod now;

pub use chance::Chance;
pub use now::{Instant, Now};
