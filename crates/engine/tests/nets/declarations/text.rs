//! How declarations are written down.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use serde_json::Value;

/// One namespace, or what is global.
#[derive(Default)]
pub struct Space {
    pub needs: Option<String>,
    /// Declarations of values and types, by name, without the word `declare`.
    pub lines: BTreeMap<String, Vec<String>>,
    /// Names that may stand where a type is expected.
    pub types: BTreeSet<String>,
    pub inner: BTreeMap<String, Space>,
}

/// Members of an object of constants: the name, its type and a note.
pub type Members = BTreeMap<String, (String, String)>;

pub fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('.').unwrap_or(("", path))
}

pub fn joined(space: &str, name: &str) -> String {
    if space.is_empty() { name.to_owned() } else { format!("{space}.{name}") }
}

fn is_identifier(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == '$') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

pub fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { Value::from(name).to_string() }
}

pub fn flag(of: &Value, name: &str) -> bool {
    of[name].as_bool().unwrap_or(false)
}

/// A comment in front of a declaration.
pub fn comment(notes: &[&str]) -> String {
    let notes: Vec<_> = notes.iter().filter(|note| !note.is_empty()).copied().collect();
    if notes.is_empty() { String::new() } else { format!("/** {} */ ", notes.join(" ")) }
}

pub const fn deprecated(of: bool) -> &'static str {
    if of { "@deprecated" } else { "" }
}

pub fn constant_case(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(letter.to_ascii_uppercase());
    }
    out
}

pub fn block(lines: &[String]) -> String {
    if lines.is_empty() {
        return "{}".to_owned();
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("  {line};")).collect();
    format!("{{\n{}\n}}", lines.join("\n"))
}

/// `Record<"a" | "b", Voice> & { readonly Inner: … }`
pub fn opaque(path: &str, all: &BTreeMap<String, Members>) -> String {
    let mut parts = Vec::new();
    let mut by_type: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (name, (of, _)) in all.get(path).into_iter().flatten() {
        by_type.entry(of).or_default().push(Value::from(name.as_str()).to_string());
    }
    for (of, names) in by_type {
        parts.push(format!("Readonly<Record<{}, {of}>>", names.join(" | ")));
    }
    let below = format!("{path}.");
    let inner: BTreeSet<&str> = all.keys().filter_map(|other| other.strip_prefix(&below)).map(|rest| rest.split('.').next().unwrap()).collect();
    if !inner.is_empty() {
        let inner: Vec<String> = inner.iter().map(|name| format!("readonly {name}: {}", opaque(&format!("{below}{name}"), all))).collect();
        parts.push(format!("{{ {} }}", inner.join("; ")));
    }
    parts.join(" & ")
}

pub fn print(space: &Space, out: &mut String, depth: usize) {
    let word = if depth == 0 { "declare " } else { "" };
    let indent = "  ".repeat(depth);
    for line in space.lines.values().flatten() {
        let (notes, rest) = line.strip_prefix("/** ").and_then(|line| line.split_once(" */ ")).map_or((None, line.as_str()), |(notes, rest)| (Some(notes), rest));
        if let Some(notes) = notes {
            let _ = writeln!(out, "{indent}/** {notes} */");
        }
        let word = if rest.starts_with("interface") || rest.starts_with("type") { "" } else { word };
        let _ = writeln!(out, "{indent}{word}{}", rest.replace('\n', &format!("\n{indent}")));
    }
    for (name, inner) in &space.inner {
        if inner.lines.is_empty() && inner.inner.is_empty() {
            continue;
        }
        if let Some(module) = &inner.needs {
            let _ = writeln!(out, "{indent}/** Brought by require(Modules.{module}). */");
        }
        let _ = writeln!(out, "{indent}{word}namespace {name} {{");
        print(inner, out, depth + 1);
        let _ = writeln!(out, "{indent}}}");
    }
}
