//! How sound is coded.

pub mod g711;
pub mod opus;
