//! Sessions of the older credentials.

pub const GROUP: &str = "Authentication";

pub mod logon;
pub mod logout;
