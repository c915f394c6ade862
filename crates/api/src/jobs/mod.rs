//! Work that methods order and the server runs.

pub(crate) mod logs;
mod reports;
