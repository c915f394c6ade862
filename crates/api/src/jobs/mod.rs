//! Work that methods order and the server runs.

mod logs;
mod reports;
