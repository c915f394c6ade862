//! The users of applications.

use crate::{
    codes::Code,
    error::{Error, quote},
};

pub const GROUP: &str = "Users";

pub mod add_user;
pub mod create_call_credential;
pub mod del_user;
pub mod get_users;
pub mod set_user_info;

/// A login name: `[a-z0-9][a-z0-9_-]{2,49}` (semantics §8.6).
fn user_name(code: Code, field: &'static str, text: &str) -> Result<String, Error> {
    let first = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
    let rest = text.chars().skip(1).all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
    if first && rest && (3..=50).contains(&text.len()) {
        return Ok(text.to_owned());
    }
    Err(Error::field(code, field, format!("'{field}' must match [a-z0-9][a-z0-9_-]{{2,49}}, and {} does not.", quote(text))))
}
