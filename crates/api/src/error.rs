//! What a caller hears when something is refused, and what the log hears when something broke.

use std::borrow::Cow;

use serde::Serialize;

use crate::codes::{self, Code};

/// One refusal: a code of the table, a sentence that names the field and says what would be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Error {
    pub code: Code,
    pub msg: String,
    #[serde(rename = "field_name", skip_serializing_if = "Option::is_none")]
    pub field: Option<Cow<'static, str>>,
    /// What broke, for the log alone.
    #[serde(skip)]
    pub inside: Option<String>,
    /// The HTTP status, where it is documented to be another than 200.
    #[serde(skip)]
    pub http_status: Option<u16>,
}

impl Error {
    pub fn new(code: Code, msg: impl Into<String>) -> Self {
        Self { code, msg: msg.into(), field: None, inside: None, http_status: None }
    }

    pub fn field(code: Code, field: &'static str, msg: impl Into<String>) -> Self {
        Self { field: Some(Cow::Borrowed(field)), ..Self::new(code, msg) }
    }

    /// A defect of ours: the caller hears a plain sentence, the log hears what happened.
    pub fn internal(code: Code, inside: impl Into<String>) -> Self {
        Self { inside: Some(inside.into()), ..Self::new(code, format!("{}. Nothing was changed; the server's log says why.", code.meaning())) }
    }

    pub fn authentication(msg: impl Into<String>) -> Self {
        Self::new(codes::AUTHENTICATION_FAILED, msg)
    }

    pub fn missing(field: &'static str) -> Self {
        Self::field(codes::REQUIRED, field, format!("The parameter '{field}' is required."))
    }
}

/// One refusal or several, in the order of the request's fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(pub Vec<Error>);

pub type Result<T, E = Errors> = std::result::Result<T, E>;

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl Errors {
    /// Keeps what a field's parser made, or remembers why it made nothing.
    pub fn keep<T>(&mut self, parsed: Result<T, Error>) -> Option<T> {
        parsed.map_err(|error| self.0.push(error)).ok()
    }

    /// Fails with everything that was remembered.
    pub fn none(&self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(self.clone()) }
    }

    /// The value of a field whose parser has passed.
    pub fn value<T>(&self, parsed: Option<T>) -> Result<T> {
        parsed.ok_or_else(|| self.clone())
    }

    pub fn first_code(&self) -> Code {
        self.0.first().map_or(codes::INTERNAL, |error| error.code)
    }

    /// The answer's body: `error` always, `errors` beside it when there are two or more (semantics §3.4).
    pub fn body(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Body<'a> {
            error: &'a Error,
            #[serde(skip_serializing_if = "Option::is_none")]
            errors: Option<&'a [Error]>,
        }
        let fallback = Error::new(codes::INTERNAL, codes::INTERNAL.meaning());
        let body = Body { error: self.0.first().unwrap_or(&fallback), errors: (self.0.len() > 1).then_some(&self.0) };
        serde_json::to_vec(&body).unwrap_or_else(|_| br#"{"error":{"code":2,"msg":"Unexpected internal failure."}}"#.to_vec())
    }
}

/// At most forty characters of what a caller sent, safe to stand inside a sentence.
pub fn quote(text: &str) -> String {
    let shown: String = text.chars().take(40).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if shown.len() < text.len() && text.chars().nth(40).is_some() { format!("'{shown}…'") } else { format!("'{shown}'") }
}
