use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    codes,
    error::{Error, Result},
};

/// One object in the documented shape, or in a list as typings of official clients declare it (semantics §3.10).
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Shaped<T> {
    One(T),
    List([T; 1]),
}

impl<T> Shaped<T> {
    /// `typings` is the setting `compat.typings`.
    pub fn new(typings: bool, object: T) -> Self {
        if typings { Self::List([object]) } else { Self::One(object) }
    }
}

/// What a method answers when it succeeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// UTF-8 JSON, sent as `application/json`.
    Json(Vec<u8>),
    /// Bytes, sent as exactly `application/octet-stream` with a name to save them under (semantics §3.8).
    File { name: String, bytes: Vec<u8> },
    /// The same from the disk, which is streamed and never held as a whole.
    Stored(StoredFile),
}

/// A file on this node's disk, and the name to save it under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    pub path: PathBuf,
    pub name: String,
}

impl Answer {
    pub fn json<T: Serialize>(response: &T) -> Result<Self> {
        serde_json::to_vec(response).map(Self::Json).map_err(|error| Error::internal(codes::INTERNAL, format!("answer as JSON: {error}")).into())
    }
}
