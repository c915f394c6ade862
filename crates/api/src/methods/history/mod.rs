//! What happened.

pub const GROUP: &str = "History";

pub mod get_audit_log;
