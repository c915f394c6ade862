//! CSV as reports have it: UTF-8, `;` between fields, RFC 4180 quotes, and no text that a spreadsheet takes for a formula.
//!
//! A text whose first character that is no blank begins a formula, or that begins with a control character or with `'`, has one
//! `'` in front. So a field that begins with `'` always has one more than its text: whoever reads the file drops the first
//! character of such fields and has every text again. Numbers are written as they are.

use std::io::Write;

use serde::Serialize;

use crate::{
    codes,
    error::{Error, Errors, Result},
};

/// In front of a text that would be something else in a spreadsheet.
const PREFIX: char = '\'';

/// What begins a formula; the wide forms count as the plain ones in East Asian spreadsheets.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

fn is_harmless(text: &str) -> bool {
    let begins_strangely = text.starts_with(|c: char| c == PREFIX || c.is_control());
    let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}' || ('\u{200b}'..='\u{200f}').contains(&c);
    !begins_strangely && !text.trim_start_matches(blank).starts_with(FORMULA)
}

/// Writes records to a file or to memory.
pub struct Writer<W: Write>(csv::Writer<W>);

fn broken(error: impl std::fmt::Display) -> Errors {
    Error::internal(codes::INTERNAL, format!("CSV: {error}")).into()
}

impl<W: Write> Writer<W> {
    pub fn new(to: W) -> Self {
        Self(csv::WriterBuilder::new().delimiter(b';').from_writer(to))
    }

    pub fn write(&mut self, record: &Record) -> Result<()> {
        self.0.write_record(&record.0).map_err(broken)
    }

    /// Flushes, and gives back where it wrote to.
    pub fn finish(self) -> Result<W> {
        self.0.into_inner().map_err(broken)
    }
}

/// The fields of one line.
#[derive(Clone, Debug, Default)]
pub struct Record(csv::ByteRecord);

impl Record {
    /// Names of columns.
    pub fn names(names: &[&str]) -> Self {
        Self(csv::ByteRecord::from(names.to_vec()))
    }

    pub fn number(&mut self, number: Option<i64>) {
        match number {
            Some(number) => self.0.push_field(number.to_string().as_bytes()),
            None => self.0.push_field(b""),
        }
    }

    pub fn text(&mut self, text: &str) {
        if is_harmless(text) {
            self.0.push_field(text.as_bytes());
        } else {
            self.0.push_field(format!("{PREFIX}{text}").as_bytes());
        }
    }

    pub fn flag(&mut self, flag: bool) {
        self.0.push_field(if flag { b"true" } else { b"false" });
    }

    /// Structures, as JSON text.
    pub fn json<T: Serialize>(&mut self, value: &T) -> Result<()> {
        self.text(&serde_json::to_string(value).map_err(broken)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(texts: &[String]) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new());
        let mut record = Record::default();
        record.number(Some(-7));
        texts.iter().for_each(|text| record.text(text));
        writer.write(&record).unwrap();
        writer.finish().unwrap()
    }

    /// What a reader does that knows nothing but this module's first lines.
    fn read(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
        let mut reader = csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(bytes);
        let fields: Vec<String> = reader.records().next().unwrap().unwrap().iter().map(str::to_owned).collect();
        let texts = fields.iter().map(|field| field.strip_prefix('\'').unwrap_or(field).to_owned()).collect();
        (fields, texts)
    }

    proptest! {
        #[test]
        fn every_text_comes_back(texts in proptest::collection::vec("(['=+@\t\r\n \";-]|＝|\u{feff}|\\PC){0,3}(?s:.){0,12}", 1..6)) {
            let (fields, back) = read(&written(&texts));
            prop_assert_eq!(&back[0], "-7");
            prop_assert_eq!(&back[1..], &texts[..]);
            for field in &fields[1..] {
                let first = field.trim_start().chars().next();
                prop_assert!(first.is_none_or(|first| !FORMULA.contains(&first)), "{:?} is a formula", field);
                prop_assert!(!field.starts_with(['\t', '\r', '\n']), "{:?}", field);
            }
        }
    }

    #[test]
    fn formulas_and_the_prefix_itself_are_marked_and_numbers_are_not() {
        let line = |text: &str| String::from_utf8(written(&[text.to_owned()])).unwrap();
        for (text, field) in [
            ("=1+1", "'=1+1"),
            ("+41791234567", "'+41791234567"),
            ("-1", "'-1"),
            ("@sum", "'@sum"),
            (" =1", "' =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("＝1", "'＝1"),
            ("\tx", "'\tx"),
            ("'quoted'", "''quoted'"),
            ("a;b", "\"a;b\""),
            ("say \"hi\"\n=2", "\"say \"\"hi\"\"\n=2\""),
            ("\r=2", "\"'\r=2\""),
            ("grüße", "grüße"),
            ("a=b", "a=b"),
        ] {
            assert_eq!(line(text), format!("-7;{field}\n"), "{text:?}");
        }
    }
}
