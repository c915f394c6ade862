//! What running scenarios read and write: no call of the API, but under its rules and over its tables.

pub mod start;
pub mod storage;
