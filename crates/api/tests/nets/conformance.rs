//! The catalogue against the reference, parameter by parameter and member by member.

use std::{collections::BTreeSet, fmt::Write, fs};

use cordboard_api::registry::{Catalogue, Entry, Method, Origin};
use serde_json::Value;

use crate::{
    committed::{self, in_crate},
    reference::Reference,
};

const GAPS: &str = "tests/nets/gaps.txt";

/// Structures inside structures that are followed.
const DEEPEST: usize = 4;

/// Where typings of official clients and documents disagree (semantics §3.10): the member, the default, `compat.typings`.
const SHAPES: [(&str, &str, &str, &str); 12] = [
    ("CreateKey", "result", "object", "array of one object"),
    ("AddSecret", "result", "object", "array of one object"),
    ("GetSecretValue", "result", "object", "array of one object"),
    ("GetAuditLog", "result with is_async", "1", "empty array"),
    ("GetCallHistory", "result with is_async", "1", "empty array"),
    ("GetKeyValueItems", "result", "array", "array"),
    ("GetKeyValueKeys", "result", "array", "array"),
    ("GetAccountInvoices", "result", "array", "array"),
    ("GetRecordStorages", "result", "array", "array"),
    ("SQ_GetQueues", "result", "array", "array"),
    ("SQ_GetSkills", "result", "array", "array"),
    ("SQ_GetAgents", "result", "array", "array"),
];

/// How a real method differs from the reference.
struct Difference {
    lacking: Vec<String>,
    extra: Vec<String>,
    members: Vec<String>,
}

impl Difference {
    fn of(reference: &Reference, method: &Method, wanted: &Value) -> Self {
        let fields: BTreeSet<String> = (method.fields)().iter().map(|field| field.name.to_owned()).collect();
        let named: BTreeSet<String> = wanted["params"].as_array().into_iter().flatten().filter_map(|param| param["name"].as_str()).map(str::to_owned).collect();
        let schema = (method.returns)();
        let mut members = Vec::new();
        for member in wanted["returns"].as_array().into_iter().flatten() {
            lacking_members(reference, &schema, &[&schema], "", member, DEEPEST, &mut members);
        }
        Self {
            lacking: named.difference(&fields).filter(|name| !reference.credentials.contains(name)).cloned().collect(),
            extra: fields.difference(&named).cloned().collect(),
            members,
        }
    }

    fn gaps(&self, name: &str) -> Vec<String> {
        let params = self.lacking.iter().map(move |param| format!("{name}: parameter {param}"));
        params.chain(self.members.iter().map(move |member| format!("{name}: answer {member}"))).collect()
    }
}

/// Remembers the member, or what a structure behind it has and the answer lacks.
fn lacking_members(reference: &Reference, root: &Value, inside: &[&Value], prefix: &str, member: &Value, depth: usize, out: &mut Vec<String>) {
    let name = member["name"].as_str().unwrap();
    let path = format!("{prefix}{name}");
    let found: Vec<&Value> = inside.iter().flat_map(|schema| objects(root, schema)).filter_map(|object| object["properties"].get(name)).collect();
    if found.is_empty() {
        out.push(path);
        return;
    }
    let type_name = member["type"].as_str().unwrap_or_default().trim_matches(['[', ']']);
    let members = reference.structures.get(type_name).and_then(|structure| structure["fields"].as_array());
    for inner in members.into_iter().flatten().filter(|_| depth > 0) {
        lacking_members(reference, root, &found, &format!("{path}."), inner, depth - 1, out);
    }
}

/// The objects that a schema leads to through references, lists and alternatives.
fn objects<'a>(root: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let mut out = Vec::new();
    if schema.get("properties").is_some() {
        out.push(schema);
    }
    if let Some(name) = schema["$ref"].as_str() {
        let target = name.trim_start_matches('#').split('/').filter(|part| !part.is_empty()).fold(root, |at, part| &at[part]);
        out.extend(objects(root, target));
    }
    out.extend(schema.get("items").into_iter().flat_map(|items| objects(root, items)));
    for word in ["anyOf", "oneOf", "allOf"] {
        out.extend(schema[word].as_array().into_iter().flatten().flat_map(|other| objects(root, other)));
    }
    out
}

fn gaps(reference: &Reference) -> BTreeSet<String> {
    let real = reference.methods.iter().filter_map(|wanted| match Catalogue::get().find(wanted["name"].as_str().unwrap()) {
        Some(Entry::Real(method)) if method.name == wanted["name"] => Some((method, wanted)),
        _ => None,
    });
    real.flat_map(|(method, wanted)| Difference::of(reference, method, wanted).gaps(method.name)).collect()
}

fn cell(names: &[String]) -> String {
    if names.is_empty() { "—".to_owned() } else { names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ") }
}

fn status(name: &str) -> &'static str {
    match Catalogue::get().find(name) {
        Some(Entry::Real(_)) => "real",
        Some(Entry::Declared(_)) => "declared",
        None => "absent",
    }
}

fn table(reference: &Reference) -> String {
    let mut wanted: Vec<&Value> = reference.current().collect();
    wanted.sort_by_key(|method| method["name"].as_str());
    let count = |which| wanted.iter().filter(|method| status(method["name"].as_str().unwrap()) == which).count();
    let ours: Vec<String> = Catalogue::get().real().filter(|method| method.origin == Origin::Cordboard).map(|method| method.name.to_owned()).collect();
    let older: Vec<String> = Catalogue::get()
        .real()
        .filter(|method| method.origin == Origin::Reference && !wanted.iter().any(|other| other["name"] == method.name))
        .map(|method| method.name.to_owned())
        .collect();
    let mut out = String::from("# Conformance\n\nGenerated by the test `conformance` of `crates/api/tests/nets`; `BLESS=1` rewrites it.\n\n");
    writeln!(out, "| | methods |\n|---|---|\n| in the reference today | {} |\n| real | {} |\n| declared | {} |", wanted.len(), count("real"), count("declared")).unwrap();
    writeln!(out, "| gaps of real methods | {} |\n", gaps(reference).len()).unwrap();
    out.push_str("*Real*: built, and a test in the method's own file asserts its effect on both databases. *Declared*: known, with its parameters and roles,\n");
    out.push_str("and answers that it is not yet available. Parameters that are credentials are left out; a dot leads into a structure of the answer.\n");
    writeln!(out, "Beside these, of older interfaces of the reference: {}; of our own: {}.\n", cell(&older), cell(&ours)).unwrap();
    out.push_str("| method | group | status | parameters lacking | parameters of ours | answer lacking |\n|---|---|---|---|---|---|\n");
    for method in &wanted {
        let name = method["name"].as_str().unwrap();
        let cells = match Catalogue::get().find(name) {
            Some(Entry::Real(real)) => {
                let Difference { lacking, extra, members } = Difference::of(reference, real, method);
                [lacking, extra, members].map(|names| cell(&names)).join(" | ")
            }
            _ => " | | ".to_owned(),
        };
        let group = Catalogue::get().find(name).map_or("", |entry| entry.group());
        writeln!(out, "| {name} | {group} | {} | {cells} |", status(name)).unwrap();
    }
    out.push_str("\n## Shapes\n\nWhere the typings of official clients and the documented answer disagree, the documented shape is the default and the setting\n");
    out.push_str("`compat.typings = true` gives the shape that typed clients can read. Where that shape would lose rows, the array stays.\n\n");
    out.push_str("| method | member | default | `compat.typings = true` | status |\n|---|---|---|---|---|\n");
    for (name, member, default, typings) in SHAPES {
        writeln!(out, "| {name} | `{member}` | {default} | {typings} | {} |", status(name)).unwrap();
    }
    out
}

#[test]
fn the_committed_table_is_the_catalogue_s() {
    committed::compare(&in_crate("../../docs/CONFORMANCE.md"), &table(&Reference::load()));
}

#[test]
fn the_list_of_gaps_only_shrinks() {
    let now = gaps(&Reference::load());
    let text = fs::read_to_string(in_crate(GAPS)).unwrap_or_default();
    let listed: BTreeSet<String> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect();
    let new: Vec<_> = now.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&now).collect();
    assert!(new.is_empty(), "real methods lack what the reference has; add it to the method, do not list it: {new:#?}");
    assert!(gone.is_empty(), "these gaps are closed; remove their lines from {GAPS}: {gone:#?}");
}

#[test]
fn a_real_method_has_a_test_of_its_effect_on_both_databases() {
    for method in Catalogue::get().real() {
        let text = fs::read_to_string(in_crate(method.file.strip_prefix("crates/api/").unwrap())).unwrap();
        let tests = text.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests);
        assert!(tests.contains("#[on_both_databases]"), "{}: no test on both databases", method.file);
        assert!(tests.contains(&format!("\"{}\"", method.name)), "{}: no test calls {}", method.file, method.name);
    }
}

#[test]
fn the_methods_with_two_shapes_are_in_the_catalogue() {
    for (name, ..) in SHAPES {
        assert!(Catalogue::get().find(name).is_some(), "{name}");
    }
}
