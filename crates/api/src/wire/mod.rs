//! The wire: parameters in every place and spelling, and answers (reference `semantics.md` §1–3).

mod answer;
pub mod body;
pub mod csv;
mod list;
mod params;
mod scalar;

pub use answer::{Answer, Shaped, StoredFile};
pub use list::Selection;
pub use params::{File, Params};
pub use scalar::{AccountEmail, Date, DateTime, Micros, Scalar, Utc, Zone};

use serde::Serialize;

use crate::{
    codes::{self, Code},
    error::{Error, Errors},
};

/// A method's parameters as one struct. Derived; see `cordboard_derive::Request`.
pub trait Request: Sized {
    /// Whether a body that is no form and no JSON is one of the fields.
    const TAKES_RAW_BODY: bool;

    fn fields() -> Vec<Field>;
    /// Parses every field and reports everything that is wrong.
    fn read(params: &Params) -> Result<Self, Errors>;
}

/// One field of a request struct, which may be several parameters on the wire.
pub trait Param: Sized {
    fn fields(name: &'static str, rules: &Rules, out: &mut Vec<Field>);
    /// `None` when the parameter is absent or empty.
    fn read_optional(params: &Params, name: &'static str, rules: &Rules) -> Result<Option<Self>, Error>;

    fn missing(name: &'static str, _rules: &Rules) -> Error {
        Error::missing(name)
    }

    fn read(params: &Params, name: &'static str, rules: &Rules) -> Result<Self, Error> {
        Self::read_optional(params, name, rules)?.ok_or_else(|| Self::missing(name, rules))
    }
}

impl<P: Param> Param for Option<P> {
    fn fields(name: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        let from = out.len();
        P::fields(name, rules, out);
        for field in &mut out[from..] {
            field.required = Required::No;
        }
    }

    fn read_optional(params: &Params, name: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        P::read_optional(params, name, rules).map(Some)
    }

    fn read(params: &Params, name: &'static str, rules: &Rules) -> Result<Self, Error> {
        P::read_optional(params, name, rules)
    }
}

/// A parameter as the catalogue, the reference pages and the panel show it.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    pub name: &'static str,
    /// `string`, `int`, `bool`, `decimal`, `timestamp`, `date`, `intlist`, `stringlist` or `file`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub required: Required,
    pub description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<&'static str>,
    #[serde(skip_serializing_if = "is_false")]
    pub all_allowed: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub values: &'static [&'static str],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    /// The least whole number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The largest whole number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    #[serde(skip_serializing_if = "is_false")]
    pub secret: bool,
    /// The kind of thing that this parameter names, such as `application`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<&'static str>,
    /// The code that answers a bad value.
    pub code: Code,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    Yes,
    No,
    /// One of the parameters of the same thing.
    OneOf,
}

/// What `#[param(…)]` says about a field.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    pub doc: &'static str,
    pub code: Option<Code>,
    pub min_chars: usize,
    pub max_chars: usize,
    pub min: i64,
    pub max: i64,
    pub default: Option<&'static str>,
    pub values: &'static [&'static str],
    pub id_name: Option<&'static str>,
    pub name_name: Option<&'static str>,
    pub all: bool,
    pub secret: bool,
    pub raw_body: bool,
}

impl Rules {
    pub const NONE: Self = Self {
        doc: "",
        code: None,
        min_chars: 0,
        max_chars: usize::MAX,
        min: i64::MIN,
        max: i64::MAX,
        default: None,
        values: &[],
        id_name: None,
        name_name: None,
        all: false,
        secret: false,
        raw_body: false,
    };

    /// The description.
    pub const fn doc(mut self, text: &'static str) -> Self {
        self.doc = text;
        self
    }

    /// The code that answers a bad value, where it is not that of the type.
    pub const fn code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    pub const fn min_chars(mut self, characters: usize) -> Self {
        self.min_chars = characters;
        self
    }

    pub const fn max_chars(mut self, characters: usize) -> Self {
        self.max_chars = characters;
        self
    }

    pub const fn min(mut self, least: i64) -> Self {
        self.min = least;
        self
    }

    pub const fn max(mut self, most: i64) -> Self {
        self.max = most;
        self
    }

    /// What an absent parameter means, in its wire spelling.
    pub const fn default(mut self, text: &'static str) -> Self {
        self.default = Some(text);
        self
    }

    /// The values that are allowed, in any case.
    pub const fn values(mut self, values: &'static [&'static str]) -> Self {
        self.values = values;
        self
    }

    /// The wire name of the id of a `One` or `Many`, where it is not the usual one.
    pub const fn ids(mut self, name: &'static str) -> Self {
        self.id_name = Some(name);
        self
    }

    /// The wire name of the name of a `One` or `Many`, where it is not the usual one.
    pub const fn names(mut self, name: &'static str) -> Self {
        self.name_name = Some(name);
        self
    }

    /// `all` stands for every one there is.
    pub const fn all(mut self) -> Self {
        self.all = true;
        self
    }

    /// Never shown in logs or in the audit log.
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// A body that is no form and no JSON is this parameter.
    pub const fn raw_body(mut self) -> Self {
        self.raw_body = true;
        self
    }

    pub(crate) fn field(&self, name: &'static str, kind: &'static str, code: Code) -> Field {
        let whole = matches!(kind, "int" | "intlist");
        Field {
            name,
            kind,
            required: if self.default.is_some() { Required::No } else { Required::Yes },
            description: self.doc,
            default: self.default,
            all_allowed: self.all,
            values: self.values,
            min_length: (self.min_chars != 0).then_some(self.min_chars),
            max_length: (self.max_chars != usize::MAX).then_some(self.max_chars),
            min: (whole && self.min != i64::MIN).then_some(self.min),
            max: (whole && self.max != i64::MAX).then_some(self.max),
            secret: self.secret,
            of: None,
            code: self.code.unwrap_or(code),
        }
    }

    /// A sentence about a bad value, under this field's code.
    pub(crate) fn wrong(&self, name: &'static str, code: Code, sentence: &str) -> Error {
        Error::field(self.code.unwrap_or(code), name, format!("'{name}' {sentence}"))
    }

    pub(crate) fn check_values(&self, text: &str) -> Result<(), String> {
        if self.values.is_empty() || self.values.iter().any(|value| value.eq_ignore_ascii_case(text)) {
            return Ok(());
        }
        Err(format!("must be one of {}, not {}.", self.values.join(", "), crate::error::quote(text)))
    }
}

/// The keywords that select everything (semantics §2.3).
pub(crate) fn means_all(text: &str) -> bool {
    let text = text.trim();
    text.eq_ignore_ascii_case("all") || text.eq_ignore_ascii_case("any")
}

pub(crate) const BAD_VALUE: Code = codes::ARGUMENTS;
