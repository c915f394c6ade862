use std::collections::BTreeSet;

use bytes::Bytes;

use super::{Field, Param, Rules};
use crate::error::Error;

/// The parameters of one request, from every place, body before query.
#[derive(Clone, Debug, Default)]
pub struct Params {
    entries: Vec<(String, String)>,
    files: Vec<(String, Bytes)>,
    raw_body: Option<Bytes>,
}

impl Params {
    pub fn from_pairs<N: Into<String>, V: Into<String>>(pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        Self { entries: pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect(), ..Self::default() }
    }

    pub(super) fn add(&mut self, name: String, value: String) {
        self.entries.push((name, value));
    }

    pub(super) fn add_file(&mut self, name: String, bytes: Bytes) {
        self.files.push((name, bytes));
    }

    pub(super) fn set_raw_body(&mut self, bytes: Bytes) {
        self.raw_body = Some(bytes);
    }

    /// Adds the parameters of the query that the body does not name (semantics §2.1).
    pub(super) fn add_query(&mut self, query: Vec<(String, String)>) {
        let of_body: BTreeSet<&String> = self.entries.iter().map(|(name, _)| name).chain(self.files.iter().map(|(name, _)| name)).collect();
        let others: Vec<(String, String)> = query.into_iter().filter(|(name, _)| !of_body.contains(name)).collect();
        self.entries.extend(others);
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub fn len(&self) -> usize {
        self.entries.len() + self.files.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last non-empty value; empty text counts as absent (semantics §2.4).
    pub fn text(&self, name: &str) -> Option<&str> {
        self.all(name).last()
    }

    /// Every non-empty value of a repeated parameter, in order.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.entries.iter().filter(move |(other, value)| other == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub fn raw_body(&self) -> Option<&Bytes> {
        self.raw_body.as_ref()
    }

    fn file(&self, name: &str) -> Option<&Bytes> {
        self.files.iter().rev().find(|(other, _)| other == name).map(|(_, bytes)| bytes)
    }

    /// A file's text where a text is wanted: a form may carry any text as a file part.
    pub(super) fn file_text(&self, name: &'static str) -> Result<Option<String>, Error> {
        let Some(bytes) = self.file(name).filter(|bytes| !bytes.is_empty()) else { return Ok(None) };
        super::body::utf8(name, bytes).map(Some)
    }
}

/// A file parameter: a form's file part, a plain text field, or the raw body (semantics §2.13).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File(pub Bytes);

impl Param for File {
    fn fields(name: &'static str, rules: &Rules, out: &mut Vec<Field>) {
        out.push(rules.field(name, "file", super::BAD_VALUE));
    }

    fn read_optional(params: &Params, name: &'static str, rules: &Rules) -> Result<Option<Self>, Error> {
        let raw = || params.raw_body().filter(|_| rules.raw_body).cloned();
        let text = || params.text(name).map(|text| Bytes::copy_from_slice(text.as_bytes()));
        Ok(params.file(name).cloned().or_else(text).or_else(raw).map(Self))
    }
}
