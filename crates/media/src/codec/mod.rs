//! How sound is coded.

pub mod g711;
